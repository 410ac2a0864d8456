import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { IncidentRow, Role } from "batchwatch/router";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { incidentRow } from "../live/test-rows.ts";
import { type QueuedCommand, sendCommand, useCommands } from "../offline/commands.ts";
import { commandView, queuedCommand } from "../offline/test-commands.ts";
import { IncidentCard } from "./IncidentCard.tsx";
import { MeContext, PagedOnlyContext } from "./me.ts";
import { meView } from "./test-me.ts";

// The queue has tests of its own, against a real store; here it only takes down what was tapped.
vi.mock("../offline/commands.ts", () => ({
  sendCommand: vi.fn<typeof sendCommand>(),
  useCommands: vi.fn<typeof useCommands>(),
}));
let commands: readonly QueuedCommand[] = [];

beforeEach(() => {
  commands = [];
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
  vi.mocked(useCommands).mockImplementation(() => commands);
});
afterEach(cleanup);

function card(incident: IncidentRow, role: Role = "on-call"): ReactNode {
  return (
    <MeContext value={meView({ role })}>
      <IncidentCard incident={incident} />
    </MeContext>
  );
}
const button = (name: RegExp): HTMLElement => screen.getByRole("button", { name });

test("one tap acknowledges it", () => {
  render(card(incidentRow("pay", { jobName: "Payments EOD" })));
  fireEvent.click(button(/^Acknowledge Payments EOD$/));
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("pay", { type: "acknowledge" });
});

test("a tap belongs to what was under the finger when it came down", () => {
  const { rerender } = render(card(incidentRow("first")));
  fireEvent.pointerDown(button(/^Acknowledge/));
  rerender(card(incidentRow("second")));
  fireEvent.click(button(/^Acknowledge/));
  expect(vi.mocked(sendCommand).mock.calls).toEqual([["first", { type: "acknowledge" }]]);
  fireEvent.click(button(/^Acknowledge/));
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["second", { type: "acknowledge" }]);
});

test("a touch that became a scroll binds nothing", () => {
  const { rerender } = render(card(incidentRow("first")));
  fireEvent.pointerDown(button(/^Acknowledge/));
  fireEvent.pointerCancel(button(/^Acknowledge/));
  rerender(card(incidentRow("second")));
  fireEvent.click(button(/^Acknowledge/));
  expect(vi.mocked(sendCommand).mock.calls).toEqual([["second", { type: "acknowledge" }]]);
});

test("what is under way takes the place of the button, so that a second tap sends nothing", () => {
  commands = [queuedCommand({ incidentId: "pay", madeAt: "2026-01-01T00:00:00.000Z" })];
  render(card(incidentRow("pay")));
  expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBe(null);
  expect(screen.getByText("Not sent yet")).toBeDefined();
});

test("who was slower reads who has it, and may take it over", () => {
  const answeredAt = new Date().toISOString();
  const acknowledgedBy = { userId: "o", name: "Night Operator" };
  const answer = commandView({ outcome: "someone-has-it", acknowledgedBy });
  commands = [queuedCommand({ state: "answered", answeredAt, answer })];
  render(card(incidentRow("pay", { acknowledgedBy })));
  expect(screen.getByText(/Night Operator acknowledged this\. Your tap changed/)).toBeDefined();
  fireEvent.click(button(/^Take over$/));
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("pay", { type: "take-over" });
  act(() => button(/^Close$/).click());
  expect(screen.queryByText(/Your tap changed/)).toBe(null);
});

test("signed out on a paired phone nothing is offered that its key does not open", () => {
  const acknowledgedBy = { userId: "o", name: "Night Operator" };
  const answer = commandView({ outcome: "someone-has-it", acknowledgedBy });
  commands = [queuedCommand({ state: "answered", answeredAt: new Date().toISOString(), answer })];
  render(<PagedOnlyContext value>{card(incidentRow("pay", { acknowledgedBy }))}</PagedOnlyContext>);
  expect(screen.getByText(/Night Operator acknowledged this/)).toBeDefined();
  expect(screen.queryByRole("button", { name: "Take over" })).toBe(null);
});

test.each<[Role, boolean, boolean]>([
  ["on-call", true, true],
  ["auditor", false, true],
  ["administrator", false, false],
  ["display", false, false],
])("%s: may acknowledge %s, may open %s", (role, mayTake, mayOpen) => {
  render(card(incidentRow("pay"), role));
  expect(screen.queryAllByRole("button", { name: /^Acknowledge/ })).toHaveLength(mayTake ? 1 : 0);
  expect(screen.queryAllByRole("link")).toHaveLength(mayOpen ? 2 : 0);
});

test("a critical one that nobody has is filled; what somebody has cannot be acknowledged", () => {
  const { container, rerender } = render(card(incidentRow("pay", { severity: "CRITICAL" })));
  expect(container.querySelector(".chip.filled")).not.toBe(null);
  const acknowledgedBy = { userId: "o", name: "Night Operator" };
  rerender(card(incidentRow("pay", { severity: "CRITICAL", acknowledgedBy })));
  expect(container.querySelector(".chip.filled")).toBe(null);
  expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBe(null);
});
