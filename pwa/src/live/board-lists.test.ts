import type { RunState } from "batchwatch/router";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFiltering, matchesRun, parseFilter } from "./board-filter.ts";
import { listsOf, troubleSince } from "./board-lists.ts";
import { runRow } from "./test-rows.ts";

const STATES: readonly RunState[] = [
  "scheduled",
  "late",
  "running",
  "stalled",
  "recovering",
  "succeeded",
  "failed",
  "stopped",
  "unknown",
];
const now = Date.parse("2026-11-11T12:00:00.000Z");
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

test("active: what looks wrong first, then by tier, then the longest running", () => {
  const rows = [
    runRow("young", { startedAt: ago(1) }),
    runRow("again", { state: "recovering", startedAt: ago(5), attempt: 2 }),
    runRow("old", { startedAt: ago(60) }),
    runRow("top", { startedAt: ago(2), tier: 1 }),
    runRow("blind", { state: "unknown", tier: 1 }),
    runRow("late", { state: "late", startedAt: null, occurrence: true }),
    runRow("stuck", { state: "stalled", tier: 4 }),
  ];
  const lists = listsOf(rows, now);
  expect(lists.active.map((row) => row.executionId)).toEqual([
    "stuck",
    "late",
    "blind",
    "again",
    "top",
    "old",
    "young",
  ]);
  expect(lists.counts).toEqual({ running: 4, late: 1, stalled: 1, unknown: 1 });
});

test("active is not ended and not merely planned, whatever its state; every active row is counted once", () => {
  const anyRow = fc.record({
    state: fc.constantFrom(...STATES),
    endedAt: fc.constantFrom(null, ago(5)),
  });
  fc.assert(
    fc.property(fc.array(anyRow), (fields) => {
      const rows = fields.map((each, index) => runRow(String(index), each));
      const { active, counts } = listsOf(rows, now);
      const expected = rows.filter((row) => row.endedAt === null && row.state !== "scheduled");
      expect(new Set(active)).toEqual(new Set(expected));
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(active.length);
    }),
  );
});

test("alerts: failed and not cleared, stalled, late; the newest trouble first", () => {
  const rows = [
    runRow("fine"),
    runRow("blind", { state: "unknown" }),
    runRow("failed", { state: "failed", endedAt: ago(30) }),
    runRow("stuck", {
      state: "stalled",
      evidence: [
        {
          code: "standing-still",
          stage: null,
          lastCommitAt: ago(15),
          usualGapMs: 4_000,
          limitMs: 5 * 60_000,
          limitOrigin: "DEFAULT",
        },
      ],
    }),
    runRow("late", {
      state: "late",
      evidence: [
        {
          code: "not-started",
          expectedAt: ago(60),
          graceMs: 10 * 60_000,
          graceOrigin: "SET",
          announced: true,
        },
      ],
    }),
  ];
  const { alerts } = listsOf(rows, now);
  expect(alerts.map((row) => [row.executionId, troubleSince(row)])).toEqual([
    ["stuck", ago(10)],
    ["failed", ago(30)],
    ["late", ago(50)],
  ]);
});

test("recent ends after an hour, alerts after a day or when cleared", () => {
  const failed = (id: string, minutes: number, clearedBy: string | null = null) =>
    runRow(id, { state: "failed", endedAt: ago(minutes), clearedBy });
  const rows = [
    failed("now", 5),
    failed("morning", 300),
    failed("yesterday", 1_441),
    failed("cleared", 10, "later"),
    runRow("good", { state: "succeeded", endedAt: ago(60) }),
    runRow("gone", { state: "succeeded", endedAt: ago(61) }),
  ];
  const lists = listsOf(rows, now);
  expect(lists.alerts.map((row) => row.executionId)).toEqual(["now", "morning"]);
  expect(lists.recent.map((row) => row.executionId)).toEqual(["now", "cleared", "good"]);
});

test("the filter takes words and terms, and all must hold", () => {
  const row = runRow("a", { jobName: "GL extract", state: "late" });
  const matches = (text: string): boolean => matchesRun(parseFilter(text), row);
  expect(matches("gl team:lending state:late")).toBe(true);
  expect(matches("EXTRACT")).toBe(true);
  expect(matches("gl team:payments")).toBe(false);
  expect(matches("state:failed")).toBe(false);
  expect(matches("gl ledger")).toBe(false);
  expect(isFiltering(parseFilter("  team: "))).toBe(false);
});
