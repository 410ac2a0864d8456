import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ChangeRequestView, OncallView, Role, SourceView } from "batchwatch/router";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { changeRequest } from "../../components/test-change.ts";
import { queryClient } from "../../queries.ts";
import { delivery } from "../incident/test-incident-view.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { DeliveriesScreen } from "./DeliveriesScreen.tsx";
import { OncallScreen } from "./OncallScreen.tsx";
import { candidatesFor, moved } from "./oncall-list.ts";
import { SourcesScreen } from "./SourcesScreen.tsx";

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

const show = (children: ReactNode, role: Role = "operations-manager"): void =>
  showScreen(children, { role });

const source: SourceView = {
  sourceId: "s1",
  name: "core-batch",
  contract: "spring-batch",
  environment: "PROD",
  pagingMode: "WATCHING",
  lastSeenAt: null,
  heldBack: { pages: 0, notices: 0 },
};

test("paging is started after it was said what that means and why, and waits for a second person", async () => {
  const heldBack = { pages: 2, notices: 1 };
  network.answers["sources.list"] = () => ({ items: [{ ...source, heldBack }] });
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  let waiting: readonly ChangeRequestView[] = [];
  network.answers["approvals.list"] = () => ({ items: waiting, nextCursor: null });
  network.answers["sources.startPaging"] = () => {
    waiting = [changeRequest({ subjectId: "s1", kind: "source-paging" })];
    return { ...source, outcome: "waiting" };
  };
  show(<SourcesScreen />);
  await screen.findByText("Only watched");
  tap("Start paging");
  const sheet = screen.getByRole("dialog");
  expect(sheet.textContent).toContain("wakes whoever is on call");
  expect(sheet.textContent).toContain(
    "2 open incidents that nobody has: whoever is on call is paged at once. 1 open incident that nobody has: told to webhooks",
  );
  await screen.findByLabelText("Why");
  tap("Ask for approval");
  await screen.findByText("Say why in a few words.");
  expect(network.called("sources.startPaging")).toEqual([]);
  type("Why", "The replay looked right.");
  tap("Ask for approval");
  const note = await screen.findByText(/^Waits for a second person/);
  expect(note.textContent).toContain("By Duty Operator");
  expect(screen.getByRole("link", { name: "Look" }).getAttribute("href")).toBe(
    "/more/approvals/r1",
  );
  expect(screen.queryByRole("dialog")).toBe(null);
  expect(screen.getByText("Only watched")).toBeDefined();
  expect(network.called("sources.startPaging")).toMatchObject([
    { sourceId: "s1", reason: "The replay looked right.", breakGlass: false },
  ]);
});

test("in set-up it is applied at once, and shown when the server has it", async () => {
  let pagingMode: SourceView["pagingMode"] = "WATCHING";
  network.answers["sources.list"] = () => ({ items: [{ ...source, pagingMode }] });
  network.answers["approvals.state"] = () => SET_UP;
  network.answers["sources.startPaging"] = () => {
    pagingMode = "PAGING";
    return { ...source, pagingMode, outcome: "applied" };
  };
  show(<SourcesScreen />);
  await screen.findByText(/^Set-up: one person may approve alone/);
  tap("Start paging");
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Start paging" }));
  await screen.findByText("Paging");
});

test("a refusal is said, and nothing is shown that is not so", async () => {
  network.answers["sources.list"] = () => ({ items: [source] });
  network.answers["approvals.state"] = () => SET_UP;
  network.answers["sources.startPaging"] = () => {
    throw "FORBIDDEN";
  };
  show(<SourcesScreen />);
  await screen.findByText(/^Set-up: one person may approve alone/);
  tap("Start paging");
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Start paging" }));
  await screen.findByText("Your role or team does not allow this. Nothing was changed.");
  expect(screen.getByText("Only watched")).toBeDefined();
});

test("a source is added by name, and its key is shown once with the lines to paste", async () => {
  network.answers["sources.list"] = () => ({ items: [] });
  network.answers["approvals.state"] = () => SET_UP;
  network.answers["sources.propose"] = () => ({
    outcome: "applied",
    request: changeRequest({ kind: "source-add", state: "APPLIED" }),
    secret: "bws_key",
  });
  show(<SourcesScreen />, "administrator");
  await screen.findByText("No source is connected yet.");
  tap("Add a source");
  await screen.findByRole("button", { name: "Save" });
  tap("Save");
  await screen.findByText("Give a name.");
  expect(network.called("sources.propose")).toEqual([]);
  type("Name", " core-banking ");
  tap("Save");
  const secret = await screen.findByRole("status", { name: "The new source’s key" });
  expect(secret.textContent).toContain("Authorization: Bearer bws_key");
  expect(network.called("sources.propose")).toMatchObject([
    { change: { kind: "source-add", payload: { name: "core-banking", contract: "native" } } },
  ]);
  tap("I have kept it");
  expect(document.body.textContent).not.toContain("bws_key");
});

test("who may not start paging is not offered it", async () => {
  network.answers["sources.list"] = () => ({ items: [source] });
  show(<SourcesScreen />, "on-call");
  await screen.findByText("Only watched");
  expect(screen.queryByRole("button")).toBe(null);
});

const person = (userId: string, devices = 1): OncallView["people"][number] => ({
  userId,
  name: `Person ${userId}`,
  devices,
});
const team: OncallView = {
  teamId: "lending",
  teamName: "Lending",
  origin: "SET",
  people: [person("a"), person("b", 0)],
  candidates: [person("c")],
};

test("the list is put into order with buttons, and saved in that order", async () => {
  const other = { ...team, teamId: "payments", teamName: "Payments", people: [person("z")] };
  network.answers["oncall.now"] = () => ({ items: [team, other] });
  network.answers["oncall.setList"] = () => ({
    items: [{ ...team, people: [person("c"), person("b", 0)] }],
  });
  show(<OncallScreen />);
  await screen.findByText("no device: cannot be woken");
  fireEvent.click(screen.getAllByRole("button", { name: "Change the list" })[0] as HTMLElement);
  tap("Move Person b up");
  tap("Remove Person a");
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "c" } });
  tap("Move Person c up");
  tap("Save");
  await waitFor(() => expect(screen.queryByRole("combobox")).toBe(null));
  expect(network.called("oncall.setList")).toMatchObject([
    { teamId: "lending", userIds: ["c", "b"] },
  ]);
  const people = screen.getAllByRole("listitem").map((each) => each.textContent);
  expect(people.map((each) => each.match(/Person ./)?.[0])).toEqual([
    "Person c",
    "Person b",
    "Person z",
  ]);
});

test("a failed save keeps what was put together", async () => {
  network.answers["oncall.now"] = () => ({ items: [team] });
  show(<OncallScreen />);
  await screen.findByText("Person a");
  tap("Change the list");
  tap("Remove Person a");
  network.isDown = true;
  tap("Save");
  await screen.findByText("No connection. Nothing was changed: try again.");
  expect(screen.queryByRole("button", { name: "Remove Person a" })).toBe(null);
  expect(screen.getByRole("button", { name: "Remove Person b" })).toBeDefined();
});

test("moving beyond the ends changes nothing; without candidates those on any list are offered", () => {
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 0, 1)).toEqual(["b", "a"]);
  const { candidates: _candidates, ...bare } = team;
  const other = { ...bare, teamId: "payments", people: [person("z")] };
  const me = { userId: "me", name: "Me" };
  const ids = candidatesFor(bare, [bare, other], me).map(({ userId }) => userId);
  expect(ids).toEqual(["me", "a", "b", "z"]);
  expect(candidatesFor(team, [team, other], me).map(({ userId }) => userId)).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("dead letters come first and are sent again", async () => {
  let isDead = true;
  const dead = delivery("n1", { state: "DEAD", sentAt: null, attempts: 8, lastError: "410 Gone" });
  network.answers["deliveries.list"] = () => ({ items: isDead ? [dead] : [], nextCursor: null });
  network.answers["deliveries.replay"] = () => {
    isDead = false;
    return { replayed: true };
  };
  show(<DeliveriesScreen />);
  await screen.findByText("410 Gone");
  expect(network.called("deliveries.list")[0]).toMatchObject({ filter: { states: ["DEAD"] } });
  tap("Send again");
  await screen.findByText("Every message has arrived or is on its way.");
  expect(network.called("deliveries.replay")).toMatchObject([{ notificationId: "n1" }]);
});

test("a dead letter of an incident that is over is not sent again, and it is said why", async () => {
  const dead = delivery("n1", { state: "DEAD", sentAt: null, attempts: 8, lastError: "410 Gone" });
  network.answers["deliveries.list"] = () => ({ items: [dead], nextCursor: null });
  network.refusals["deliveries.replay"] = { code: "CONFLICT", reason: "incident_over" };
  show(<DeliveriesScreen />);
  await screen.findByText("410 Gone");
  tap("Send again");
  await screen.findByText(/^Its incident is over: .* It was not sent again\.$/);
});

test("an auditor reads deliveries; who is on call is told where their own are", async () => {
  network.answers["deliveries.list"] = () => ({
    items: [delivery("n1", { state: "DEAD", sentAt: null, lastError: "410 Gone" })],
    nextCursor: null,
  });
  show(<DeliveriesScreen />, "auditor");
  await screen.findByText("410 Gone");
  expect(screen.queryByRole("button", { name: "Send again" })).toBe(null);
  cleanup();
  show(<DeliveriesScreen />, "on-call");
  expect(screen.getByText(/^Operations managers, auditors and administrators/)).toBeDefined();
});
