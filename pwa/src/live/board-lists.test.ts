import { expect, test } from "vitest";
import { isFiltering, matchesRun, parseFilter } from "./board-filter.ts";
import { listsOf } from "./board-lists.ts";
import { runRow } from "./test-rows.ts";

const now = Date.parse("2026-11-11T12:00:00.000Z");
const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();

test("active: at work first, then by tier, then the longest running", () => {
  const rows = [
    runRow("late", { state: "late", tier: 1 }),
    runRow("young", { startedAt: ago(1) }),
    runRow("old", { startedAt: ago(60) }),
    runRow("top", { tier: 1, state: "stalled" }),
  ];
  const lists = listsOf(rows, now);
  expect(lists.active.map((row) => row.executionId)).toEqual(["top", "old", "young", "late"]);
  expect(lists.runningCount).toBe(3);
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
