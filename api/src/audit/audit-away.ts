/** What was asked for cannot be recorded, so it is not answered either. */
export class AuditAwayError extends Error {
  readonly code = "audit_away";
  constructor(cause: unknown) {
    super("This cannot be recorded in the audit trail now, so it is not shown. Try again.", {
      cause,
    });
    this.name = "AuditAwayError";
  }
}
