import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { runView } from "../../live/test-run-view.ts";
import { RunRecovery } from "./RunRecovery.tsx";
import { recoveryText } from "./recovery-text.ts";

const stalled = runView({
  state: "stalled",
  host: "batch-07",
  evidence: [
    {
      code: "standing-still",
      stage: "load",
      lastCommitAt: "2026-11-11T02:41:00.000Z",
      usualGapMs: 4_000,
      limitMs: 300_000,
      limitOrigin: "DEFAULT",
    },
  ],
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("the evidence comes first, then the proof that the process is gone, then the way back of each version", () => {
  const text = recoveryText(stalled);
  const order = [
    "last commit of stage load",
    "First prove that the process is gone",
    "batch-07. Recovery does not check",
    "JobOperator.recover for execution 4711, then JobOperator.restart",
    "STATUS = FAILED and also END_TIME",
    "can be neither recovered nor restarted",
  ].map((part) => text.indexOf(part));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("a set heartbeat speaks of signs of life", () => {
  const [evidence] = stalled.evidence;
  const text = recoveryText({
    ...stalled,
    evidence: evidence?.code === "standing-still" ? [{ ...evidence, usualGapMs: null }] : [],
  });
  expect(text).toContain("last sign of life of stage load");
});

test("Copy takes the whole text, and the page says that nothing is changed from here", async () => {
  const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  render(<RunRecovery run={stalled} />);
  fireEvent.click(screen.getByRole("button", { name: "Copy" }));
  await screen.findByRole("button", { name: "Copied" });
  expect(writeText).toHaveBeenCalledWith(recoveryText(stalled));
  expect(screen.getByText(/Batchwatch is read-only/)).toBeDefined();
});
