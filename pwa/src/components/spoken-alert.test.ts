import type { RunRow } from "batchwatch/router";
import { expect, test } from "vitest";
import { incidentRow, runRow } from "../live/test-rows.ts";
import { newsOf, NOTHING_KNOWN, spokenNews } from "./spoken-alert.ts";

const now = new Date(2026, 10, 11, 3, 0).getTime();
const late = runRow("a", {
  jobName: "GL extract",
  state: "late",
  startedAt: null,
  evidence: [
    {
      code: "not-started",
      expectedAt: new Date(2026, 10, 11, 2, 0).toISOString(),
      graceMs: 600_000,
      graceOrigin: "DEFAULT",
      announced: false,
    },
  ],
});

const spokenAlerts = (runs: readonly RunRow[], at: number): string =>
  spokenNews({ incidents: [], runs }, at);

test("one alert is spoken in full", () => {
  expect(spokenAlerts([late], now)).toBe(
    "GL extract is late. Due 02:00, grace over 02:10. It has not started.",
  );
  const failed = runRow("b", {
    jobName: "Payments",
    state: "failed",
    attempt: 2,
    message: "No file",
  });
  expect(spokenAlerts([failed], now)).toBe("Payments, attempt 2, failed. No file");
});

test("several are counted by state", () => {
  const failed = (id: string) => runRow(id, { state: "failed" });
  expect(spokenAlerts([late, failed("b"), failed("c")], now)).toBe("3 need you: 1 late, 2 failed.");
});

test("an incident is spoken once, in full", () => {
  const incident = incidentRow("i1", { jobName: "Payments EOD", message: "No file" });
  const first = newsOf(NOTHING_KNOWN, [incident], [], now);
  expect(spokenNews(first, now)).toBe("Payments EOD: failed. No file");
  const gone = newsOf(first.known, [], [], now + 1_000);
  const again = newsOf(gone.known, [{ ...incident, version: 9 }], [], now + 2_000);
  expect(spokenNews(again, now)).toBe("");
});

test("a run that was just spoken of and its incident are one piece of news", () => {
  const run = runRow("e1", { jobId: "pay", state: "failed" });
  const incident = incidentRow("i1", { jobId: "pay" });
  const first = newsOf(NOTHING_KNOWN, [], [run], now);
  expect(first.runs).toEqual([run]);
  expect(newsOf(first.known, [incident], [], now + 5_000).incidents).toEqual([]);
  expect(newsOf(first.known, [incident], [], now + 61_000).incidents).toEqual([incident]);
});
