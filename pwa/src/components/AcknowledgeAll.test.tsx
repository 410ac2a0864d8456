import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { incidentRow } from "../live/test-rows.ts";
import { sendCommand } from "../offline/commands.ts";
import { queuedCommand } from "../offline/test-commands.ts";
import { AcknowledgeAll } from "./AcknowledgeAll.tsx";
import { DOUBLE_TAP_MS, UNDO_MS } from "./recent-acks.ts";
import { UndoBar } from "./UndoBar.tsx";

// The queue has tests of its own; here it only takes down what was tapped.
vi.mock("../offline/commands.ts", () => ({ sendCommand: vi.fn<typeof sendCommand>() }));
const sent = (): readonly unknown[] =>
  vi.mocked(sendCommand).mock.calls.map(([incidentId, action]) => `${action.type} ${incidentId}`);

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
});
afterEach(async () => {
  await pass(UNDO_MS);
  cleanup();
  vi.useRealTimers();
});

const rows = ["a", "b", "c"].map((id) => incidentRow(id));
const pass = async (ms: number): Promise<void> =>
  act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
/** A tap whose consequences come a moment later. */
const tapAndWait = async (name: string): Promise<void> => {
  tap(name);
  await pass(0);
};
const tap = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole("button", { name }));
};

async function acknowledgeAll(): Promise<void> {
  render(
    <>
      <AcknowledgeAll incidents={rows} />
      <UndoBar />
    </>,
  );
  tap("Acknowledge all (3)");
  await tapAndWait("Acknowledge 3");
}

test("what the sheet showed when it opened is what is acknowledged", async () => {
  const { rerender } = render(<AcknowledgeAll incidents={rows} />);
  tap("Acknowledge all (3)");
  rerender(<AcknowledgeAll incidents={[incidentRow("new"), ...rows.slice(1)]} />);
  expect(screen.getByRole("dialog").textContent).toContain("Job a");
  expect(screen.getByRole("dialog").textContent).not.toContain("Job new");
  await tapAndWait("Acknowledge 3");
  expect(sent()).toEqual(["acknowledge a", "acknowledge b", "acknowledge c"]);
  expect(screen.queryByRole("dialog")).toBe(null);
});

test("Cancel sends nothing, and one alone needs no sheet", () => {
  const { rerender } = render(<AcknowledgeAll incidents={rows} />);
  tap("Acknowledge all (3)");
  tap("Cancel");
  expect(sent()).toEqual([]);
  rerender(<AcknowledgeAll incidents={rows.slice(1, 2)} />);
  expect(screen.queryByRole("button")).toBe(null);
});

test("all of it can be undone for ten seconds, but not by the second tap of a double tap", async () => {
  await acknowledgeAll();
  expect(screen.getByText("Acknowledged: 3 incidents")).toBeDefined();
  await tapAndWait("Undo");
  expect(sent()).toHaveLength(3);
  await pass(DOUBLE_TAP_MS);
  await tapAndWait("Undo");
  expect(sent().slice(3)).toEqual(["unacknowledge a", "unacknowledge b", "unacknowledge c"]);
  expect(screen.queryByRole("button", { name: "Undo" })).toBe(null);
});

test("after ten seconds there is nothing to undo", async () => {
  await acknowledgeAll();
  await pass(UNDO_MS - 1);
  expect(screen.getByRole("button", { name: "Undo" })).toBeDefined();
  await pass(1);
  expect(screen.queryByRole("button", { name: "Undo" })).toBe(null);
});

test("what this device could not even keep is said, and tried again for those alone", async () => {
  vi.mocked(sendCommand).mockImplementation((incidentId) =>
    incidentId === "b" ? Promise.reject(new Error("full")) : Promise.resolve(queuedCommand()),
  );
  await acknowledgeAll();
  expect(screen.getByText("Not saved on this device, and not sent: Job b")).toBeDefined();
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
  await tapAndWait("Try again");
  expect(sent()).toEqual(["acknowledge b"]);
});
