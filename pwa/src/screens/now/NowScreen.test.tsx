import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { BoardRow, IncidentRow, RunRow } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MeContext } from "../../components/me.ts";
import { NeedBadge } from "../../components/NeedBadge.tsx";
import { meView } from "../../components/test-me.ts";
import { HOLD_AFTER_TOUCH_MS } from "../../components/use-held-lists.ts";
import { dashboard, incidentRow, runRow } from "../../live/test-rows.ts";
import { liveStore } from "../../live/use-live.ts";
import { sendCommand } from "../../offline/commands.ts";
import { queuedCommand } from "../../offline/test-commands.ts";
import { NowScreen } from "./NowScreen.tsx";

// The queue has tests of its own; here it only takes down what was pressed.
vi.mock("../../offline/commands.ts", () => ({
  sendCommand: vi.fn<typeof sendCommand>(),
  useCommands: () => [],
}));

const OTHER = { userId: "other", name: "Night Operator" };
const a = incidentRow("a", { jobName: "GL extract", since: "2026-11-11T02:00:00.000Z" });
const b = incidentRow("b", { jobName: "Payments", since: "2026-11-11T02:10:00.000Z" });
const grave = incidentRow("c", { jobName: "Ledger", severity: "CRITICAL" });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
});
afterEach(() => {
  cleanup();
  liveStore.clear();
  vi.useRealTimers();
});

function board(incidents: readonly IncidentRow[], runs: readonly RunRow[] = []): void {
  act(() => liveStore.snapshot(dashboard({ incidents, activeJobs: runs }), false));
}
function draw(): HTMLElement {
  return render(
    <MeContext value={meView()}>
      <NowScreen />
      <NeedBadge />
    </MeContext>,
  ).container;
}
const names = (): readonly (string | null)[] =>
  screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent);
const touched = (name: string): HTMLElement => screen.getByRole("link", { name });
const verdict = (): string | null => screen.getByRole("heading", { level: 1 }).textContent;

test("the verdict counts what is nobody's or mine, and says when all is taken", () => {
  board([a, b], [runRow("r")]);
  draw();
  expect(verdict()).toBe("2 need you · 1 running");
  expect(document.title).toBe("2 need you · 1 running · Batchwatch");
  board([{ ...a, acknowledgedBy: OTHER }, b], [runRow("r")]);
  expect(verdict()).toBe("1 needs you · 1 running");
  board([{ ...a, acknowledgedBy: OTHER }], [runRow("r")]);
  expect(verdict()).toBe("1 open, taken · 1 running");
  expect(screen.getByRole("region", { name: /^Somebody has it/ }).textContent).toContain("GL");
});

test("the app's icon has the number that pushes give it: incidents, and none once its owner has left", () => {
  const setAppBadge = vi.fn<(count?: number) => Promise<void>>(() => Promise.resolve());
  const clearAppBadge = vi.fn<(count?: number) => Promise<void>>(() => Promise.resolve());
  Object.assign(navigator, { setAppBadge, clearAppBadge });
  try {
    // A run in trouble that no incident speaks for needs somebody, too, but no push counts it.
    board([a, b], [runRow("r", { state: "late", startedAt: null })]);
    draw();
    expect(verdict()).toMatch(/^3 need you/);
    expect(setAppBadge).toHaveBeenLastCalledWith(2);
    board([{ ...a, acknowledgedBy: OTHER }, b]);
    expect(setAppBadge).toHaveBeenLastCalledWith(1);
    board([{ ...a, state: "RESOLVED", resolution: "cleared" }]);
    expect(clearAppBadge).toHaveBeenCalledTimes(1);
    board([a]);
    expect(setAppBadge).toHaveBeenLastCalledWith(1);
    cleanup();
    expect(clearAppBadge).toHaveBeenCalledTimes(2);
  } finally {
    Reflect.deleteProperty(navigator, "setAppBadge");
    Reflect.deleteProperty(navigator, "clearAppBadge");
  }
});

test("nothing moves under a finger, nor for three seconds after it", () => {
  board([a, b]);
  const root = draw();
  expect(names()).toEqual(["GL extract", "Payments"]);
  fireEvent.pointerDown(touched("Payments"), { pointerType: "touch" });
  board([grave, { ...a, version: 2, acknowledgedBy: OTHER }, b]);
  expect(names()).toEqual(["GL extract", "Payments"]);
  expect(screen.getByRole("button", { name: "2 changes" })).toBeDefined();
  fireEvent.pointerUp(document, { pointerType: "touch" });
  act(() => void vi.advanceTimersByTime(HOLD_AFTER_TOUCH_MS - 1));
  expect(names()).toEqual(["GL extract", "Payments"]);
  act(() => void vi.advanceTimersByTime(1));
  expect(names()).toEqual(["Ledger", "Payments", "GL extract"]);
  expect(root.querySelector(".changes-pill")).toBe(null);
});

test("the pill shows what is held back, at once", () => {
  board([a]);
  draw();
  fireEvent.pointerDown(touched("GL extract"), { pointerType: "touch" });
  board([a, grave]);
  fireEvent.click(screen.getByRole("button", { name: "1 change" }));
  expect(names()).toEqual(["Ledger", "GL extract"]);
});

test("a mouse holds nothing, and neither does a finger in the filter", () => {
  board([a]);
  draw();
  fireEvent.pointerDown(touched("GL extract"), { pointerType: "mouse" });
  fireEvent.pointerDown(screen.getByRole("searchbox"), { pointerType: "touch" });
  board([a, grave]);
  expect(names()).toEqual(["Ledger", "GL extract"]);
});

test("a acknowledges the incident that the focus is on, and nothing else", () => {
  board([a, { ...b, acknowledgedBy: OTHER }]);
  draw();
  const press = (): void =>
    void fireEvent.keyDown(document.activeElement ?? document, { key: "a" });
  press();
  screen.getByRole("link", { name: "Payments" }).focus();
  press();
  expect(sendCommand).not.toHaveBeenCalled();
  screen.getByRole("link", { name: "GL extract" }).focus();
  press();
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("a", { type: "acknowledge" });
});

test("the filter takes incidents with it", () => {
  board([a, { ...b, causeKind: "STALLED" }]);
  draw();
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "state:stalled" } });
  expect(names()).toEqual(["Payments"]);
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "nothing" } });
  expect(screen.getByText("No job matches nothing.")).toBeDefined();
});

test("a run that an incident speaks for is not shown beside it", () => {
  const failed = { state: "failed", endedAt: new Date().toISOString() } as const;
  const rows: readonly BoardRow[] = [
    runRow("run-a", { ...failed, jobId: "job-a", jobName: "GL extract" }),
    runRow("run-x", { ...failed, jobName: "Alone" }),
  ];
  act(() =>
    liveStore.snapshot(
      dashboard({ incidents: [a], recentCompletions: rows.filter((row) => row.kind === "run") }),
      false,
    ),
  );
  draw();
  const needs = screen.getByRole("region", { name: /^Needs you/ });
  expect(needs.textContent.match(/GL extract/g)?.length).toBe(1 + namesRead(needs));
  expect(needs.textContent).toContain("Alone");
  expect(verdict()).toMatch(/^2 need you/);
});

/** The button says its job's name for readers too. */
function namesRead(needs: HTMLElement): number {
  return [...needs.querySelectorAll(".visually-hidden")].filter((one) =>
    one.textContent.includes("GL extract"),
  ).length;
}
