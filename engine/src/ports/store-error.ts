/** An expected failure of a store, with a stable code. */
export class StoreError extends Error {
  readonly code:
    | "name_taken"
    | "not_found"
    | "too_long"
    | "invalid_name"
    | "invalid_cursor"
    | "unknown_calendar"
    | "unknown_team"
    | "unknown_user"
    | "too_many"
    | "command_reused"
    | "refused"
    | "nothing_changes"
    | "already_waiting"
    | "own_request"
    | "not_waiting"
    | "other_content"
    | "changed_meanwhile"
    | "expired"
    | "last_administrator"
    | "may_not_ask"
    | "may_not_decide"
    | "no_break_glass"
    | "reason_missing"
    | "cannot_revert"
    | "not_applied"
    | "already_collected"
    | "already_in"
    | "collect_late"
    | "same_hands"
    | "incident_over";
  constructor(code: StoreError["code"], message: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
  }
}
