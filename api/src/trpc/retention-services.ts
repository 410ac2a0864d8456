import {
  type ApprovalStore,
  leastDaysOf,
  RETAINED_KINDS,
  type RetainedKind,
} from "@batchwatch/engine";
import type { RetentionServices } from "./trust-services.ts";

/** How long what is kept: what two people approved goes before the host's setting, and neither below the least. */
export function makeRetentionServices(parts: {
  readonly approvals: Pick<ApprovalStore, "retention">;
  readonly days: Readonly<Record<RetainedKind, number>>;
}): RetentionServices {
  return {
    async list() {
      const set = await parts.approvals.retention();
      return RETAINED_KINDS.map((what) => ({
        what,
        days: Math.max(leastDaysOf(what), set[what] ?? parts.days[what]),
        setBy: set[what] === undefined ? ("host" as const) : ("approved-change" as const),
      }));
    },
  };
}
