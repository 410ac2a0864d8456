import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { incidentRow } from "../live/test-rows.ts";
import { clock } from "../live/tick-clock.ts";
import { type QueuedCommand, sendCommand, useAllCommands } from "../offline/commands.ts";
import { commandView, queuedCommand } from "../offline/test-commands.ts";
import { AcknowledgeAll } from "./AcknowledgeAll.tsx";
import { acknowledge, DOUBLE_TAP_MS, UNDO_MS } from "./recent-acks.ts";
import { UndoBar } from "./UndoBar.tsx";

// The queue has tests of its own; here it only takes down what was tapped.
vi.mock("../offline/commands.ts", () => ({
  sendCommand: vi.fn<typeof sendCommand>(),
  useAllCommands: vi.fn<typeof useAllCommands>(),
}));
let commands: readonly QueuedCommand[] = [];
const sent = (): readonly unknown[] =>
  vi.mocked(sendCommand).mock.calls.map(([incidentId, action]) => `${action.type} ${incidentId}`);

beforeEach(() => {
  vi.useFakeTimers();
  clock.tick();
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
  commands = [];
  vi.mocked(useAllCommands).mockImplementation(() => commands);
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

const shown = (): ReactNode => (
  <>
    <AcknowledgeAll incidents={rows} />
    <UndoBar />
  </>
);
async function acknowledgeAll(): Promise<ReturnType<typeof render>> {
  const drawn = render(shown());
  tap("Acknowledge all (3)");
  await tapAndWait("Acknowledge 3");
  return drawn;
}
/** The queue as it stands then, for each of the incidents. */
function queue(states: Readonly<Record<string, Partial<QueuedCommand>>>): void {
  const madeAt = new Date().toISOString();
  commands = Object.entries(states).map(([incidentId, fields]) =>
    queuedCommand({ commandId: `c-${incidentId}`, incidentId, madeAt, ...fields }),
  );
}
const bar = (): string | null => screen.getByRole("status").textContent;

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
  expect(screen.getByText("Acknowledging: 3 incidents")).toBeDefined();
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

test("nothing is called acknowledged before the server has said so, and then only what it was", async () => {
  const { rerender } = await acknowledgeAll();
  const stand = async (states: Readonly<Record<string, Partial<QueuedCommand>>>, ms: number) => {
    queue(states);
    await pass(ms);
    rerender(shown());
  };
  const done = { state: "answered", answer: commandView({ outcome: "done" }) } as const;
  const taken = { state: "answered", answer: commandView({ outcome: "someone-has-it" }) } as const;
  await stand({ a: {}, b: {}, c: {} }, 0);
  expect(bar()).toBe("Acknowledging: 3 incidentsUndo");
  await stand({ a: {}, b: { state: "sending" }, c: {} }, 3_000);
  expect(bar()).toBe("Not sent yet: 3 incidentsUndo");
  await stand({ a: done, b: {}, c: taken }, 0);
  expect(bar()).toBe("Not sent yet: Job b. Acknowledged: Job aUndo");
  await stand({ a: done, b: done, c: taken }, 0);
  expect(bar()).toBe("Acknowledged: 2 incidentsUndo");
  await tapAndWait("Undo");
  expect(sent().slice(3)).toEqual(["unacknowledge a", "unacknowledge b"]);
});

test("a conflict leaves nothing to undo", async () => {
  const { rerender } = await acknowledgeAll();
  const answer = commandView({ outcome: "someone-has-it" });
  const taken = { state: "answered", answer } as const;
  const refused = { state: "refused", refusal: { code: "FORBIDDEN", message: "" } } as const;
  queue({ a: taken, b: refused, c: { action: { type: "unacknowledge" } } });
  rerender(shown());
  expect(bar()).toBe("");
});

test("a second tap while the first is being taken in is no second acknowledgement", async () => {
  const pair = [{ incidentId: "a", name: "Job a" }];
  await Promise.all([acknowledge(pair), acknowledge(pair)]);
  expect(sent()).toEqual(["acknowledge a"]);
});

test("taking it back that was lost is taken back when it is tried again", async () => {
  await acknowledgeAll();
  await pass(DOUBLE_TAP_MS);
  vi.mocked(sendCommand).mockRejectedValue(new Error("full"));
  await tapAndWait("Undo");
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
  await tapAndWait("Try again");
  expect(sent()).toEqual(["unacknowledge a", "unacknowledge b", "unacknowledge c"]);
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
