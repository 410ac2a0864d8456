/** Whether a call was not answered because it could not be recorded (SPEC AUD-9). */
export function isAuditAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "audit_away";
}

/** Whether a call failed because the store's thread is being replaced (SPEC SUP-5). */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "store_away";
}
