import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesIncident, parseFilter } from "./board-filter.ts";
import { listsOf } from "./board-lists.ts";
import { applyItems, boardOf } from "./board-state.ts";
import { byUrgency, coverOf, needsMe } from "./incident-lists.ts";
import { dashboard, incidentRow, runRow } from "./test-rows.ts";

const ME = { userId: "me", name: "Duty Operator" };
const OTHER = { userId: "other", name: "Night Operator" };
const now = Date.parse("2026-11-11T03:00:00.000Z");

test("an incident needs me while it is open and nobody's or mine", () => {
  expect(needsMe(incidentRow("a"), "me")).toBe(true);
  expect(needsMe(incidentRow("a", { acknowledgedBy: ME }), "me")).toBe(true);
  expect(needsMe(incidentRow("a", { acknowledgedBy: OTHER }), "me")).toBe(false);
  expect(needsMe(incidentRow("a", { state: "RESOLVED", acknowledgedBy: ME }), "me")).toBe(false);
});

test("nobody's before mine before others'; then the gravest, then the oldest; resolved last", () => {
  const rows = [
    incidentRow("resolved", { state: "RESOLVED", severity: "CRITICAL" }),
    incidentRow("others", { acknowledgedBy: OTHER, severity: "CRITICAL" }),
    incidentRow("mine", { acknowledgedBy: ME, severity: "CRITICAL" }),
    incidentRow("young", { since: "2026-11-11T02:50:00.000Z" }),
    incidentRow("old", { since: "2026-11-11T02:10:00.000Z" }),
    incidentRow("low", { severity: "LOW", since: "2026-11-11T01:00:00.000Z" }),
    incidentRow("gravest", { severity: "CRITICAL" }),
  ];
  const expected = ["gravest", "old", "young", "low", "mine", "others", "resolved"];
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      const ids = shuffled.sort(byUrgency("me")).map((row) => row.incidentId);
      expect(ids).toEqual(expected);
    }),
  );
});

test("a run that an incident speaks for is no alert of its own", () => {
  const failed = (id: string, jobId: string, businessDate: string | null) =>
    runRow(id, {
      jobId,
      businessDate,
      state: "failed",
      endedAt: "2026-11-11T02:14:00.000Z",
    });
  const incident = incidentRow("i", {
    jobId: "pay",
    executionId: "pay-1",
    businessDate: "2026-11-10",
    jobs: 2,
    jobIds: ["pay", "sepa"],
  });
  const rows = [
    incident,
    failed("pay-1", "pay", "2026-11-10"),
    failed("pay-2", "pay", "2026-11-10"),
    failed("pay-other-night", "pay", "2026-11-09"),
    failed("sepa-1", "sepa", null),
    failed("ledger-1", "ledger", "2026-11-10"),
  ];
  const { alerts, incidents } = listsOf(rows, now);
  expect(incidents).toEqual([incident]);
  expect(alerts.map((row) => row.executionId).sort()).toEqual(["ledger-1", "pay-other-night"]);
});

test("an incident that has ended does not hide what went wrong after it", () => {
  const resolvedAt = "2026-11-11T02:30:00.000Z";
  const isCovered = coverOf([
    incidentRow("i", { jobId: "pay", state: "RESOLVED", resolution: "person", resolvedAt }),
  ]);
  const run = { executionId: "r", jobId: "pay", businessDate: null };
  expect(isCovered(run, "2026-11-11T02:14:00.000Z")).toBe(true);
  expect(isCovered(run, "2026-11-11T02:31:00.000Z")).toBe(false);
});

test("incidents come with the snapshot, change with the stream, and go", () => {
  const first = incidentRow("i");
  const board = boardOf(dashboard({ incidents: [first] }));
  expect(board.rows.get(first.key)).toBe(first);
  const taken = incidentRow("i", { version: 2, acknowledgedBy: ME });
  const at = "2026-11-11T02:15:00.000Z";
  const after = applyItems(board, [
    { id: "e1:11", item: { type: "changes", at, changes: [taken] } },
  ]);
  expect(after.rows.get(first.key)).toBe(taken);
  const gone = applyItems(after, [
    {
      id: "e1:12",
      item: {
        type: "changes",
        at,
        changes: [{ kind: "gone", key: first.key, teamId: "lending" }],
      },
    },
  ]);
  expect(gone.rows.size).toBe(0);
});

test("the filter finds incidents by cause, by state, by team and by the job's words", () => {
  const late = incidentRow("a", { causeKind: "MISSED", jobName: "GL extract", message: "No file" });
  const matches = (text: string): boolean => matchesIncident(parseFilter(text), late);
  expect(["state:late", "state:missed", "state:open", "gl file team:lending"].map(matches)).toEqual(
    [true, true, true, true],
  );
  expect(["state:failed", "state:acknowledged", "ledger", "team:payments"].map(matches)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
