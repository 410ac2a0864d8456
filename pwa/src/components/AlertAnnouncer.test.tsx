import { act, cleanup, render } from "@testing-library/react";
import type { RunRow } from "batchwatch/router";
import { afterEach, expect, test } from "vitest";
import { dashboard, runRow } from "../live/test-rows.ts";
import { liveStore } from "../live/use-live.ts";
import { AlertAnnouncer } from "./AlertAnnouncer.tsx";

afterEach(() => {
  cleanup();
  liveStore.clear();
});

function show(rows: readonly RunRow[]): void {
  act(() => liveStore.snapshot(dashboard({ activeJobs: rows }), false));
}

test("what newly stalls or is late is spoken, what was there at first is not", () => {
  const { container } = render(<AlertAnnouncer />);
  const spoken = (): string => container.textContent;
  show([runRow("a", { state: "late", startedAt: null }), runRow("b")]);
  expect(spoken()).toBe("");
  show([runRow("a", { state: "late", startedAt: null }), runRow("b", { state: "stalled" })]);
  expect(spoken()).toBe("Job b stalled.");
  show([runRow("a", { state: "stalled" }), runRow("b", { state: "stalled" })]);
  expect(spoken()).toBe("Job a stalled.");
});

test("another team's board is not news", () => {
  const { container } = render(<AlertAnnouncer />);
  show([runRow("a", { state: "late" })]);
  act(() => liveStore.clear());
  show([runRow("c", { state: "late" })]);
  expect(container.textContent).toBe("");
});
