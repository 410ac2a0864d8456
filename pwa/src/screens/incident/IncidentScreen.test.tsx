import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { IncidentRow, IncidentView, MeView, NotificationCard } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MeContext } from "../../components/me.ts";
import { meView } from "../../components/test-me.ts";
import { dashboard, incidentRow, runRow } from "../../live/test-rows.ts";
import { liveStore } from "../../live/use-live.ts";
import {
  type QueuedCommand,
  sendCommand,
  useAllCommands,
  useCommands,
} from "../../offline/commands.ts";
import { type StoredIncident, useStoredIncident } from "../../offline/stored-incidents.ts";
import { commandView, queuedCommand } from "../../offline/test-commands.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { IncidentScreen } from "./IncidentScreen.tsx";
import { delivery, incidentView } from "./test-incident-view.ts";

// The queue and what is stored have tests of their own, against a real store.
vi.mock("../../offline/commands.ts", () => ({
  sendCommand: vi.fn<typeof sendCommand>(),
  useAllCommands: vi.fn<typeof useAllCommands>(),
  useCommands: vi.fn<typeof useCommands>(),
}));
vi.mock("../../offline/stored-incidents.ts", () => ({
  useStoredIncident: vi.fn<typeof useStoredIncident>(),
}));

const ME = { userId: "me", name: "Duty Operator" };
const OTHER = { userId: "other", name: "Night Operator" };
const recovering = { executionId: "e2", attempt: 2, startedAt: "2026-11-11T03:21:00.000Z" };
const NO_COMMANDS: readonly QueuedCommand[] = [];
let network: TestNetwork;
let view: IncidentView | undefined;

beforeEach(() => {
  network = new TestNetwork();
  network.answers["incidents.get"] = () => view;
  view = undefined;
  vi.mocked(sendCommand).mockReset().mockResolvedValue(queuedCommand());
  vi.mocked(useAllCommands).mockReturnValue(NO_COMMANDS);
  vi.mocked(useCommands).mockReturnValue(NO_COMMANDS);
  vi.mocked(useStoredIncident).mockReturnValue(null);
  queryClient.setDefaultOptions({ queries: { retry: false } });
});
afterEach(() => {
  cleanup();
  liveStore.clear();
  queryClient.clear();
  vi.restoreAllMocks();
});

function show(me: Partial<MeView> = {}): void {
  render(
    <QueryClientProvider client={queryClient}>
      <MeContext value={meView(me)}>
        <IncidentScreen incidentId="i" />
      </MeContext>
    </QueryClientProvider>,
  );
}
function board(row: IncidentRow): void {
  act(() => liveStore.snapshot(dashboard({ incidents: [row] }), false));
}
const tap = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole("button", { name }));
};
/** The details are a part of their own that is loaded late, by a busy machine very late. */
const has = async (text: string | RegExp): Promise<HTMLElement> =>
  screen.findByText(text, undefined, { timeout: 20_000 });

test("data: who was told, what waits, what changed, what to do, last time, and how it went", async () => {
  view = incidentView("i", {
    jobName: "Payments EOD",
    message: "File missing",
    firstStep: "Ask clearing",
    waiting: [{ jobId: "w", name: "SEPA out" }],
    deliveries: [delivery("d")],
    lastGoodRun: {
      executionId: "good",
      endedAt: null,
      differences: [{ field: "rowsRead", name: null, before: 41_203, now: 0 }],
    },
    before: [
      {
        incidentId: "old",
        openedAt: "2026-11-01T02:00:00.000Z",
        resolvedAt: "2026-11-01T02:34:00.000Z",
        durationMs: 2_040_000,
        by: "Night Operator",
        note: "File came late.",
      },
    ],
    events: [
      { eventId: "e", at: "2026-11-11T02:15:00.000Z", kind: "opened", by: null, text: null },
    ],
  });
  show();
  await has("Opened.");
  const titles = screen.getAllByRole("heading", { level: 2 }).map((title) => title.textContent);
  expect(titles).toEqual([
    "Who was told",
    "What waits 1",
    "What changed",
    "What to do",
    "Last time",
    "Timeline",
  ]);
  const page = screen.getByRole("article").textContent;
  for (const words of ["File missing", "SEPA out", "41,203 → now 0", "Ask clearing", "34 min"]) {
    expect(page).toContain(words);
  }
  expect(screen.getByText("“File came late.”")).toBeDefined();
  expect(document.title).toBe("FAILED Payments EOD · Batchwatch");
});

test("empty parts say that they are empty, and why nobody was told", async () => {
  view = incidentView("i", { untold: "nobody-to-tell" });
  show();
  await has("No job is known to read what this one writes.");
  expect(screen.getByText("No good run of this job is kept to compare with.")).toBeDefined();
  expect(screen.getByText("It is the first time in the history that is kept.")).toBeDefined();
  const words = "Nobody was told: nobody on call has a device that can be woken.";
  expect(screen.getAllByText(words)).toHaveLength(2);
});

test("loading, then not there", async () => {
  show();
  expect(screen.getByText("Loading the incident…")).toBeDefined();
  await has(/^No such incident here/);
});

test("partly known: the board's row is shown while the rest is fetched, and acted upon", async () => {
  network.answers["incidents.get"] = () => {
    throw "INTERNAL_SERVER_ERROR";
  };
  board(incidentRow("i", { jobName: "Payments EOD", message: "File missing" }));
  show();
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Payments EOD");
  await has(/Code INTERNAL_SERVER_ERROR/);
  tap("Acknowledge Payments EOD");
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("i", { type: "acknowledge" });
});

const card: NotificationCard = {
  incidentId: "i",
  version: 1,
  kind: "page",
  severity: "HIGH",
  title: "FAILED Payments EOD",
  body: "02:14 File missing.",
  jobId: "pay",
  jobName: "Payments EOD",
  executionId: "e1",
  cause: "FAILED",
  message: "File missing",
  since: "2026-11-11T02:14:00.000Z",
  jobs: 1,
  firstStep: "Ask clearing",
  runbookUrl: null,
  acknowledgedBy: null,
  nextAt: null,
  nextPerson: null,
};

const stored = (fields: Partial<StoredIncident>): StoredIncident => ({
  version: card.version,
  title: card.title,
  body: card.body,
  card: null,
  isOver: false,
  receivedAt: new Date().toISOString(),
  ...fields,
});

test("offline, on a private phone: that somebody was paged is enough to answer", async () => {
  network.isDown = true;
  const title = "Batchwatch: CRITICAL, 1 incident";
  vi.mocked(useStoredIncident).mockReturnValue(stored({ title, body: "Open to see." }));
  show();
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe(title);
  expect(screen.getByText(/carried no details/)).toBeDefined();
  tap(/^Acknowledge the incident of \d\d:\d\d$/);
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("i", { type: "acknowledge" });
});

test("offline: a page newer than my acknowledgement asks for another", () => {
  network.isDown = true;
  const mine = queuedCommand({ state: "answered", answer: commandView({ version: 4 }) });
  vi.mocked(useCommands).mockReturnValue([mine]);
  vi.mocked(useStoredIncident).mockReturnValue(stored({ card, version: 3 }));
  show();
  expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBe(null);
  cleanup();
  vi.mocked(useStoredIncident).mockReturnValue(stored({ card, version: 5 }));
  show();
  expect(screen.getByRole("button", { name: /^Acknowledge/ })).toBeDefined();
});

test("offline: what had ended when it was told of cannot be acknowledged", () => {
  network.isDown = true;
  vi.mocked(useStoredIncident).mockReturnValue(stored({ isOver: true }));
  show();
  expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBe(null);
});

test("offline: the card that came with the page is shown with its age, and can be answered", async () => {
  network.isDown = true;
  vi.mocked(useStoredIncident).mockReturnValue(stored({ card }));
  show();
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("FAILED Payments EOD");
  await has(/^No connection\./);
  expect(screen.getByText(/Stored on this device/)).toBeDefined();
  expect(screen.getByText("Ask clearing", { exact: false })).toBeDefined();
  tap("Acknowledge Payments EOD");
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("i", { type: "acknowledge" });
});

test("offline with nothing stored", async () => {
  network.isDown = true;
  show();
  await has("No connection. Nothing is lost; it is tried again by itself.");
});

test.each(["display", "administrator"] as const)("%s: is told who may open it", (role) => {
  show({ role });
  expect(screen.getByText(/^Your role sees on the board that an incident is open/)).toBeDefined();
  expect(network.calls).toEqual([]);
});

test("an auditor reads and cannot act", async () => {
  view = incidentView("i");
  show({ role: "auditor" });
  await has("Timeline");
  expect(screen.queryByRole("region", { name: "What can be done" })).toBe(null);
});

test("the newer of the answer and the board is what counts", async () => {
  view = incidentView("i", { version: 3 });
  show();
  await has("Timeline");
  board(incidentRow("i", { version: 4, acknowledgedBy: OTHER }));
  expect(screen.getByRole("button", { name: "Take over" })).toBeDefined();
  board(incidentRow("i", { version: 2 }));
  expect(screen.getByRole("button", { name: /^Acknowledge/ })).toBeDefined();
});

test("what somebody else has can be taken over; what recovers under my watch lets me go to bed", () => {
  board(incidentRow("i", { acknowledgedBy: OTHER }));
  show();
  tap("Take over");
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["i", { type: "take-over" }]);
  const mine = incidentRow("i", { state: "RECOVERING", acknowledgedBy: ME, recovering });
  act(() =>
    liveStore.snapshot(
      dashboard({
        incidents: [mine],
        activeJobs: [runRow("e2", { state: "recovering", stage: "load", stageCount: 3 })],
      }),
      false,
    ),
  );
  expect(screen.getByText(/^Attempt 2 since .*, stage 3, load$/)).toBeDefined();
  tap("Back to bed");
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["i", { type: "back-to-bed" }]);
  board({ ...mine, backToBed: true });
  expect(screen.queryByRole("button", { name: "Back to bed" })).toBe(null);
});

test("snooze, escalate, resolve and comment ask once more, and send what was said", () => {
  const next = { at: "2026-11-11T03:07:00.000Z", who: "Night Operator" };
  board(incidentRow("i", { next }));
  show();
  tap("Snooze");
  const from = Date.now();
  tap(/^30 min/);
  const [, snooze] = vi.mocked(sendCommand).mock.lastCall ?? [];
  if (snooze?.type !== "snooze") throw new Error("no snooze was sent");
  expect(Math.abs(Date.parse(snooze.until) - from - 1_800_000)).toBeLessThan(5_000);
  tap("Escalate");
  tap("Page Night Operator now");
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["i", { type: "escalate" }]);
  tap("More");
  tap("Resolve…");
  tap("Resolve");
  expect(screen.getByText("Say it in a few words.")).toBeDefined();
  expect(sendCommand).toHaveBeenCalledTimes(2);
  fireEvent.change(screen.getByRole("textbox"), { target: { value: " rerun by hand " } });
  tap("Resolve");
  const resolve = { type: "resolve", reason: "rerun by hand" };
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["i", resolve]);
  tap("More");
  tap("Comment");
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "looking" } });
  tap("Add comment");
  const comment = { type: "comment", text: "looking" };
  expect(vi.mocked(sendCommand).mock.lastCall).toEqual(["i", comment]);
  expect(screen.queryByRole("dialog")).toBe(null);
});

test("what cannot even be kept on this device is said", async () => {
  vi.mocked(sendCommand).mockRejectedValue(new Error("storage is full"));
  board(incidentRow("i", { acknowledgedBy: OTHER }));
  show();
  tap("Take over");
  await has("Not saved on this device, and not sent. Try again.");
});

test("what has ended can only be commented", () => {
  board(incidentRow("i", { state: "RESOLVED", resolution: "cleared", acknowledgedBy: ME }));
  show();
  const actions = screen.getByRole("region", { name: "What can be done" });
  const buttons = [...actions.querySelectorAll(":scope > .button")];
  expect(buttons.map((one) => one.textContent)).toEqual(["Comment"]);
});

test("a takes the page's incident, once", () => {
  board(incidentRow("i"));
  show();
  fireEvent.keyDown(document.body, { key: "a", repeat: true });
  expect(sendCommand).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "a" });
  expect(sendCommand).toHaveBeenCalledExactlyOnceWith("i", { type: "acknowledge" });
});

test("a says nothing twice: not while an acknowledgement is on its way, as the button does not", () => {
  vi.mocked(useAllCommands).mockReturnValue([queuedCommand()]);
  board(incidentRow("i"));
  show();
  fireEvent.keyDown(document.body, { key: "a" });
  expect(sendCommand).not.toHaveBeenCalled();
});

test("the notification that led here is reported as seen once, after it is shown, and leaves the address", async () => {
  history.replaceState(null, "", "/incidents/i?n=note-1&x=2");
  network.answers["push.receipt"] = () => ({ counted: true });
  show();
  expect(location.search).toBe("?n=note-1&x=2");
  board(incidentRow("i"));
  expect(location.search).toBe("?x=2");
  await waitFor(() =>
    expect(network.called("push.receipt")).toEqual([{ notificationId: "note-1", kind: "seen" }]),
  );
  cleanup();
  history.replaceState(null, "", "/incidents/i?n=note-1");
  show();
  expect(location.search).toBe("");
  await act(() => Promise.resolve());
  expect(network.called("push.receipt")).toHaveLength(1);
});

test("without a network the receipt waits for one", async () => {
  history.replaceState(null, "", "/incidents/i?n=note-2");
  network.answers["push.receipt"] = () => ({ counted: true });
  network.isDown = true;
  board(incidentRow("i"));
  show();
  await has(/^No connection\./);
  network.isDown = false;
  act(() => void window.dispatchEvent(new Event("online")));
  await waitFor(() => expect(network.called("push.receipt")).toHaveLength(1));
});
