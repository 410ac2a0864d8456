import { expect, test } from "vitest";
import { runRow } from "../live/test-rows.ts";
import { spokenAlerts } from "./spoken-alert.ts";

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
  expect(spokenAlerts([late, failed("b"), failed("c")], now)).toBe(
    "3 jobs need you: 2 failed, 1 late.",
  );
});
