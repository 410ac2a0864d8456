import { cleanup, render, screen } from "@testing-library/react";
import type { MeView, RunRow } from "batchwatch/router";
import { afterEach, expect, test } from "vitest";
import { runRow } from "../live/test-rows.ts";
import { MeContext } from "./me.ts";
import { RunRowLink } from "./RunRowLink.tsx";

const me: MeView = {
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
