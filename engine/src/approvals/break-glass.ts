import type { ProposedChange } from "../model/change-request.ts";
import type { Role } from "../model/people.ts";
import type { Standing } from "./standing.ts";
import { canApprove } from "./who-decides.ts";

const AT_THE_HOST = "use the command line on the host, or ask a second person.";

/**
 * Why this change is not offered under break-glass, in words; null: it is. Only what can be taken back whole is (EYES-8),
 * and nobody makes a second approver alone, not for two hours either.
 */
export function whyNoBreakGlass(change: ProposedChange, before: Standing): string | null {
  switch (change.kind) {
    case "job-configure":
    case "job-retire":
    case "job-assign":
    case "source-paging":
      return null;
    case "calendar-put":
      return before.fields["calendar"] === null
        ? `a new calendar cannot be taken back once jobs use it; ${AT_THE_HOST}`
        : null;
    case "job-rename":
      return `a rename cannot be taken back: facts under the new name stay the job's; ${AT_THE_HOST}`;
    case "source-add":
      return `a source that has sent facts cannot be taken back; ${AT_THE_HOST}`;
    case "masking-exception":
      return "what is kept unmasked for two hours stays kept; ask a second person.";
    case "retention-set":
      return "what is deleted cannot be brought back; ask a second person.";
    case "user-remove":
      return `a removed user cannot be brought back; ${AT_THE_HOST}`;
    case "user-add":
      return rolesRefused([change.payload.role]);
    case "user-change":
      return rolesRefused([change.payload.role, before.fields["role"] as Role]);
  }
}

function rolesRefused(roles: readonly Role[]): string | null {
  const role = roles.find(canApprove);
  if (role === undefined) return null;
  return `the role ${role} may approve changes, so nobody gives or takes it alone; ${AT_THE_HOST}`;
}
