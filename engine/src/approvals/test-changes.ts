import type { ProposedChange } from "../model/change-request.ts";
import type { Calendar } from "../model/schedule.ts";
import type { Fields } from "./standing.ts";

const CALENDAR: Calendar = {
  calendarId: "target",
  name: "TARGET",
  zone: "UTC",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: "2026-12-31",
  days: [{ day: "2026-04-03", kind: "FREE", label: "Good Friday" }],
};

/** One change of every kind, with fields as they may have stood before it. */
export const EVERY_CHANGE: readonly {
  readonly change: ProposedChange;
  readonly before: Fields;
}[] = [
  {
    change: {
      kind: "job-configure",
      payload: {
        jobId: "j1",
        change: {
          tier: 1,
          firstStep: "",
          clocks: { heartbeatMs: 5_000 },
          schedule: { expression: "0 2 * * *", zone: "UTC" },
        },
      },
    },
    before: { tier: 3, firstStep: "Call", "clocks.heartbeatMs": null, schedule: null },
  },
  {
    change: { kind: "job-rename", payload: { jobId: "j1", name: "new", namespace: "core" } },
    before: { name: "old", namespace: "core" },
  },
  {
    change: { kind: "job-retire", payload: { jobId: "j1", from: 1_000 } },
    before: { retiredFrom: null },
  },
  {
    change: { kind: "job-assign", payload: { jobId: "j1", teamId: "ledger" } },
    before: { owner: null },
  },
  {
    change: { kind: "calendar-put", payload: { calendar: CALENDAR } },
    before: { calendar: { ...CALENDAR, days: [], workdays: [1, 2] } },
  },
  {
    change: {
      kind: "source-add",
      payload: {
        name: "Core",
        contract: "native",
        environment: "PROD",
        zone: "UTC",
        teamName: "Ledger",
      },
    },
    before: { source: null },
  },
  {
    change: { kind: "source-paging", payload: { sourceId: "s1", pagingMode: "PAGING" } },
    before: { pagingMode: "WATCHING" },
  },
  {
    change: {
      kind: "masking-exception",
      payload: { sourceId: "s1", field: "account", kinds: ["iban", "account"] },
    },
    before: { kinds: [] },
  },
  {
    change: {
      kind: "user-add",
      payload: { name: "Duty Operator", role: "on-call", teamNames: ["Ledger"] },
    },
    before: { user: null },
  },
  {
    change: {
      kind: "user-change",
      payload: { userId: "u1", role: "auditor", teamNames: ["Payments", "Ledger", "ledger"] },
    },
    before: { role: "on-call", teams: ["ledger"] },
  },
  {
    change: { kind: "user-remove", payload: { userId: "u1" } },
    before: { user: { name: "Duty Operator", role: "on-call", teams: [] } },
  },
  {
    change: { kind: "retention-set", payload: { what: "runs", days: 30 } },
    before: { days: null },
  },
];
