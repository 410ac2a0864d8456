/** Whether a call failed because the store's thread is being replaced (SPEC SUP-5). */
export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "store_away";
}
