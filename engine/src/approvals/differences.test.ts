import { expect, test } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { differencesOf } from "./differences.ts";
import { fieldsAfter } from "./standing.ts";
import { EVERY_CHANGE } from "./test-changes.ts";

const texts = EVERY_CHANGE.map(({ change, before }) => {
  const context = change.kind === "job-assign" ? { team: "payments" } : {};
  const found = differencesOf({ fields: before, context }, fieldsAfter(change));
  return [change.kind, found.map((one) => `${one.field}: ${one.before} → ${one.after}`)];
});

test("a person reads what would change", () => {
  expect(Object.fromEntries(texts)).toEqual({
    "job-configure": [
      "tier: 3 → 1",
      "firstStep: Call → null",
      "clocks.heartbeatMs: null → 5000",
      "schedule: null → 0 2 * * * UTC",
    ],
    "job-rename": ["name: old → new"],
    "job-retire": ["retiredFrom: null → 1970-01-01T00:00:01.000Z"],
    "job-assign": ["owner: payments (by facts) → ledger"],
    "calendar-put": [
      "workdays: 1, 2 → 1, 2, 3, 4, 5",
      "days: 0 days → 1 days: + 2026-04-03 FREE Good Friday",
    ],
    "source-add": [
      "name: null → Core",
      "contract: null → native",
      "environment: null → PROD",
      "zone: null → UTC",
      "team: null → ledger",
    ],
    "source-paging": ["pagingMode: WATCHING → PAGING"],
    "masking-exception": ["kinds: null → account, iban"],
    "user-add": ["name: null → Duty Operator", "role: null → on-call", "teams: null → ledger"],
    "user-change": ["role: on-call → auditor", "teams: ledger → ledger, payments"],
    "user-remove": ["name: Duty Operator → null", "role: on-call → null"],
    "retention-set": ["days: null → 30"],
  });
});

test("a rename says which job it takes in; a long text is cut", () => {
  const joins = { jobId: "j2", name: "new" };
  expect(
    differencesOf({ fields: { name: "old" }, context: { joins } }, { name: "new" }).at(-1),
  ).toEqual({ field: "joined", before: null, after: 'j2 "new"' });
  const days = Array.from({ length: 400 }, (_, day) => ({
    day: `d${day}`,
    kind: "FREE",
    label: "",
  }));
  const [cut] = differencesOf(
    { fields: { calendar: null }, context: {} },
    { calendar: { calendarId: "c", days } },
  );
  expect(cut?.after).toHaveLength(LIMITS.differenceLength);
  expect(cut?.after).toMatch(/^400 days: \+ d0 FREE; .*…$/);
});
