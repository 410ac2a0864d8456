import { cleanup, render, screen } from "@testing-library/react";
import type { MeView, RunRow } from "batchwatch/router";
import { afterEach, expect, test } from "vitest";
import { runRow } from "../live/test-rows.ts";
import { MeContext } from "./me.ts";
import { RunRowLink } from "./RunRowLink.tsx";

const me: MeView = {
  userId: "user-1",
  name: "Duty Operator",
  role: "operations-manager",
  teamIds: [],
  teams: [{ teamId: "lending", name: "Lending" }],
  version: "0.1.0",
  sample: false,
  hasSource: true,
  updateIntervalMs: 5_000,
  serverTime: "2026-11-11T02:14:08.000Z",
};
const show = (row: RunRow): void => {
  render(
    <MeContext value={me}>
      <RunRowLink row={row} />
    </MeContext>,
  );
};
afterEach(cleanup);

test("shows the percentage where the total is known", () => {
  show(runRow("a", { progress: { done: 62, total: 100, unit: null } }));
  expect(screen.getByRole("progressbar").getAttribute("value")).toBe("0.62");
  expect(screen.getByText("62 %")).toBeDefined();
  expect(screen.getByText("RUNNING")).toBeDefined();
  expect(screen.getByRole("link").getAttribute("href")).toBe("/runs/a");
});

test("never guesses a percentage, and says how long a job is silent", () => {
  const lastFactAt = new Date(Date.now() - 4 * 60_000 - 30_000).toISOString();
  show(runRow("a", { lastFactAt, progress: { done: 1_204, total: null, unit: "rows" } }));
  expect(screen.queryByRole("progressbar")).toBe(null);
  expect(screen.getByText("1,204 rows")).toBeDefined();
  expect(screen.getByText("silent 4 min")).toBeDefined();
});

const due = new Date(2026, 10, 11, 2, 0);
const lateOccurrence = runRow("slot", {
  jobId: "gl-extract",
  state: "late",
  occurrence: true,
  startedAt: null,
  evidence: [
    {
      code: "not-started",
      expectedAt: due.toISOString(),
      graceMs: 600_000,
      graceOrigin: "DEFAULT",
      announced: false,
    },
  ],
});

test("an occurrence that no run took leads to its job, and says why it is late", () => {
  show(lateOccurrence);
  const link = screen.getByRole("link");
  expect(link.getAttribute("href")).toBe("/jobs/gl-extract");
  expect(link.textContent).toContain("LATE");
  expect(link.textContent).toMatch(/Due .*02:00, grace over .*02:10\. It has not started\./);
  expect(link.textContent).toContain("not started");
  expect(link.querySelector(".bar")).toBe(null);
});

test("a stalled run says its evidence instead of how long it is silent", () => {
  const lastCommitAt = new Date(Date.now() - 12 * 60_000).toISOString();
  show(
    runRow("a", {
      state: "stalled",
      lastFactAt: lastCommitAt,
      evidence: [
        {
          code: "standing-still",
          stage: "load",
          lastCommitAt,
          usualGapMs: 4_000,
          limitMs: 300_000,
          limitOrigin: "DEFAULT",
        },
      ],
    }),
  );
  expect(screen.getByText(/No commit since .*, usual gap 4 s, limit 5 min\./)).toBeDefined();
  expect(screen.queryByText(/silent/)).toBe(null);
});
