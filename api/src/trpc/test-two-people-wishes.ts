import type { ChangeRequestView, Role } from "@batchwatch/engine";
import { CALENDAR, type Caller, JOB, type TwoPeopleWorld } from "./test-two-people.ts";
import type { Effect } from "./test-two-people-oracle.ts";

const ROLES_ASKED: readonly Role[] = [
  "administrator",
  "operations-manager",
  "team-lead",
  "on-call",
  "auditor",
];
export interface Asking {
  readonly commandId: string;
  readonly reason: string;
  readonly breakGlass: boolean;
}
export type Answer = Promise<{
  readonly request: ChangeRequestView | null;
  readonly secret?: string | null;
}>;

/** What somebody may want, and what the test says would come of it. `n` chooses between values. */
export const WISHES: Readonly<
  Record<
    string,
    (
      n: number,
      world: TwoPeopleWorld,
    ) => { readonly effect: Effect; readonly call: (as: Caller, asking: Asking) => Answer }
  >
> = {
  tier: (n) => {
    const tier = ((n % 4) + 1) as 1 | 2 | 3 | 4;
    return {
      effect: { "job.tier": String(tier) },
      call: (as, asking) => as.jobs.configure({ jobId: JOB, change: { tier }, ...asking }),
    };
  },
  rename: (n) => {
    const name = n % 2 === 0 ? "gl-extract-v2" : "gl-extract";
    return {
      effect: { "job.name": name },
      call: (as, asking) => as.jobs.rename({ jobId: JOB, name, ...asking }),
    };
  },
  retire: (n) => ({
    effect: { "job.lifecycle": n % 2 === 0 ? "RETIRED" : "WATCHING" },
    call: (as, asking) =>
      as.jobs.retire({ jobId: JOB, ...asking, ...(n % 2 === 0 ? {} : { from: null }) }),
  }),
  assign: (n) => {
    const teamId = n % 2 === 0 ? "payments" : "ledger";
    return {
      effect: { "job.owner": teamId },
      call: (as, asking) => as.jobs.assign({ jobId: JOB, teamId, ...asking }),
    };
  },
  calendar: (n) => {
    const calendarId = n % 3 === 0 ? "other" : "target";
    const calendar = {
      ...CALENDAR,
      calendarId,
      name: `Days ${n % 2}`,
      workdays: [...CALENDAR.workdays],
      days: [],
    };
    return {
      effect: { [`calendar.${calendarId}`]: calendar.name },
      call: (as, asking) => as.calendars.propose({ calendar, ...asking }),
    };
  },
  paging: (n, { sourceId }) => ({
    effect: { "source.Core": n % 2 === 0 ? "PAGING" : "WATCHING" },
    call: (as, asking) =>
      n % 2 === 0
        ? as.sources.startPaging({ sourceId, ...asking })
        : as.sources.stopPaging({ sourceId, ...asking }),
  }),
  source: (n) => {
    const payload = {
      name: `Source ${n % 2}`,
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: null,
    } as const;
    return {
      effect: { [`source.${payload.name}`]: "WATCHING" },
      call: (as, asking) =>
        as.sources.propose({ change: { kind: "source-add", payload }, ...asking }),
    };
  },
  unmask: (n, { sourceId }) => {
    const kinds: "iban"[] = n % 2 === 0 ? ["iban"] : [];
    const payload = { sourceId, field: "account", kinds };
    return {
      effect: { "unmasked.account": n % 2 === 0 ? "iban" : null },
      call: (as, asking) =>
        as.sources.propose({ change: { kind: "masking-exception", payload }, ...asking }),
    };
  },
  retention: (n) => {
    const days = n % 3 === 0 ? null : n % 3;
    return {
      effect: { "retention.runs": days === null ? null : String(days) },
      call: (as, asking) => as.retention.propose({ what: "runs", days, ...asking }),
    };
  },
  user: (n) => {
    const payload = {
      name: `Newcomer ${n % 2}`,
      role: ROLES_ASKED[n % ROLES_ASKED.length] as Role,
      teamNames: ["Ledger"],
    };
    return {
      effect: { [`user.${payload.name}`]: `${payload.role}:ledger` },
      call: (as, asking) => as.users.propose({ change: { kind: "user-add", payload }, ...asking }),
    };
  },
  role: (n, world) => {
    const { userId, name } = world.person(n);
    const role = ROLES_ASKED[n % ROLES_ASKED.length] as Role;
    const payload = { userId, role, teamNames: ["Ledger"] };
    return {
      effect: { [`user.${name}`]: `${role}:ledger` },
      call: (as, asking) =>
        as.users.propose({ change: { kind: "user-change", payload }, ...asking }),
    };
  },
  removal: (n, world) => {
    const { userId, name } = world.person(n);
    return {
      effect: { [`user.${name}`]: null },
      call: (as, asking) =>
        as.users.propose({ change: { kind: "user-remove", payload: { userId } }, ...asking }),
    };
  },
};
