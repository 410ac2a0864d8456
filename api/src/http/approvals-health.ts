import type { HealthComponent } from "@batchwatch/engine";
import type { HealthFacts } from "./health-facts.ts";

const NO_SECOND =
  " There is none: all who may approve could be one, who fetched the others' sign-in links. Make one of them a new link: batchwatch user link.";

/** Loud while anything stands on one person's word. What only waits disturbs nobody. */
export function approvalsHealth({ approvals }: HealthFacts): HealthComponent {
  const { waiting, breakGlass, revertsAt, approversAreOne } = approvals;
  const alone = breakGlass > 0;
  const what = breakGlass === 1 ? "1 change stands" : `${breakGlass} changes stand`;
  const until = revertsAt === null ? "" : ` until ${clock(revertsAt)} UTC`;
  return {
    name: "approvals",
    status: alone ? "DEGRADED" : "UP",
    summary: alone
      ? `${what} under break-glass${until}, unless a second person approves.`
      : `${waiting} changes wait for a second person.${approversAreOne ? NO_SECOND : ""}`,
    details: { waiting_changes: waiting, break_glass_changes: breakGlass },
  };
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
