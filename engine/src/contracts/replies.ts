import type { Admitted } from "./admit-types.ts";
import type { Intake } from "./intake.ts";

/** 202 with what was refused by name; 400 in the same shape when no member was good. */
export function nativeReply(intake: Intake): Admitted["reply"] {
  const { accepted, refused } = intake;
  if (accepted > 0 || refused.length === 0) {
    return { status: 202, body: { accepted, rejected: refused } };
  }
  const only = refused.length === 1 ? refused[0] : undefined;
  const code = only?.code ?? "all_rejected";
  const message = only?.message ?? `None of the ${refused.length} members could be accepted.`;
  return { status: 400, body: { accepted, rejected: refused, code, message, ...fieldOf(only) } };
}

function fieldOf(refused: { readonly field?: string } | undefined): { field?: string } {
  return refused?.field === undefined ? {} : { field: refused.field };
}

/** 204 when all events are good, else 200 with the failed ones; repeating them would not help. */
export function batchReply(intake: Intake, received: number): Admitted["reply"] {
  const { accepted, refused } = intake;
  if (refused.length === 0) return { status: 204, body: null };
  return {
    status: 200,
    body: {
      status: "partial_success",
      summary: {
        received,
        successful: accepted,
        failed: refused.length,
        retriable: 0,
        non_retriable: refused.length,
      },
      failed_events: refused.map(({ index, message }) => ({
        index,
        reason: message,
        retriable: false,
      })),
    },
  };
}
