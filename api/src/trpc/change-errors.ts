import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";

/** Expected failures of a change, by the stable code that their error carries, and what they are over HTTP. */
const STATUS_OF_REASON: Readonly<Record<string, TRPCError["code"]>> = {
  invalid_setting: "BAD_REQUEST",
  invalid_name: "BAD_REQUEST",
  invalid_schedule: "BAD_REQUEST",
  invalid_calendar: "BAD_REQUEST",
  unknown_calendar: "BAD_REQUEST",
  unknown_team: "BAD_REQUEST",
  endpoint_refused: "BAD_REQUEST",
  unknown_user: "BAD_REQUEST",
  cannot_answer: "BAD_REQUEST",
  foreign_incident: "FORBIDDEN",
  not_found: "NOT_FOUND",
  weak_password: "BAD_REQUEST",
  wrong_password: "BAD_REQUEST",
  no_session: "BAD_REQUEST",
  sign_in_again: "BAD_REQUEST",
  bad_key: "BAD_REQUEST",
  too_many_attempts: "TOO_MANY_REQUESTS",
  busy: "SERVICE_UNAVAILABLE",
  wrong_name: "BAD_REQUEST",
  last_administrator: "CONFLICT",
  name_taken: "CONFLICT",
  command_reused: "CONFLICT",
  invalid_cursor: "BAD_REQUEST",
  too_long: "BAD_REQUEST",
  too_many: "CONFLICT",
  nothing_changes: "CONFLICT",
  already_waiting: "CONFLICT",
  own_request: "FORBIDDEN",
  may_not_ask: "FORBIDDEN",
  may_not_decide: "FORBIDDEN",
  not_waiting: "CONFLICT",
  other_content: "CONFLICT",
  changed_meanwhile: "CONFLICT",
  expired: "CONFLICT",
  no_break_glass: "BAD_REQUEST",
  reason_missing: "BAD_REQUEST",
  cannot_revert: "CONFLICT",
  not_applied: "CONFLICT",
  already_collected: "CONFLICT",
  already_in: "CONFLICT",
  collect_late: "CONFLICT",
  same_hands: "FORBIDDEN",
  incident_over: "CONFLICT",
};

/** Runs a change; its expected failures become answers that name the field, everything else stays a defect. */
export async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonCode(error);
    const code = reason === null ? undefined : STATUS_OF_REASON[reason];
    if (code === undefined || !(error instanceof Error)) throw error;
    throw new TRPCError({ code, message: error.message, cause: error });
  }
}

/** Whether a list was asked to go on from where it never was. */
export function isBadCursor(error: unknown): boolean {
  return reasonCode(error) === "invalid_cursor";
}

/**
 * What a caller can act on beside tRPC's own code: a stable reason, and the field it is about. A field's name
 * begins the message of every refusal.
 */
export function reasonOf(error: TRPCError): { reason?: string; field?: string } {
  const { cause } = error;
  if (cause instanceof ZodError) {
    const field = cause.issues[0]?.path.join(".") ?? "";
    return field === "" ? { reason: "invalid_input" } : { reason: "invalid_input", field };
  }
  const reason = reasonCode(cause);
  if (reason === "audit_away") return { reason };
  if (reason === null || !(reason in STATUS_OF_REASON)) return {};
  const field = /^([\w.[\]]+): /.exec(error.message)?.[1];
  return field === undefined ? { reason } : { reason, field };
}

/** Errors from another thread keep their code, not their class. */
function reasonCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : null;
}
