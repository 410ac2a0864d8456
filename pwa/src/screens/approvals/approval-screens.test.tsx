import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { ChangeRequestView, Role } from "batchwatch/router";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeRequest } from "../../components/test-change.ts";
import { TrustBanner } from "../../components/TrustBanner.tsx";
import { WaitingCount } from "../../components/WaitingCount.tsx";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { ApprovalScreen } from "./ApprovalScreen.tsx";
import { ApprovalsScreen } from "./ApprovalsScreen.tsx";

const MINE = { approve: true, reject: true, withdraw: false, revert: false, collect: false };
const NOBODYS = { approve: false, reject: false, withdraw: false, revert: false, collect: false };

let network: TestNetwork;
let requests: ChangeRequestView[];
beforeEach(() => {
  network = new TestNetwork();
  requests = [];
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  network.answers["approvals.list"] = ({ filter }) => {
    const { states } = filter as { states: readonly string[] };
    return { items: requests.filter(({ state }) => states.includes(state)), nextCursor: null };
  };
  network.answers["approvals.get"] = ({ requestId }) =>
    requests.find((each) => each.requestId === requestId);
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

const list = (role: Role = "operations-manager"): void => showScreen(<ApprovalsScreen />, { role });
const detail = (role: Role = "operations-manager"): void =>
  showScreen(<ApprovalScreen requestId="r1" />, { role });

test("what waits for the reader comes first, what others decide after it", async () => {
  requests = [
    changeRequest({ requestId: "r2", subjectName: "Ledger load", may: NOBODYS }),
    changeRequest({ subjectName: "GL extract" }),
  ];
  list();
  const mine = await screen.findByRole("region", { name: "For you to decide" });
  expect(within(mine).getByRole("link").textContent).toContain("GL extract");
  expect(within(mine).getByRole("link").textContent).toContain(
    "Change a job: start grace · by Duty Operator",
  );
  const others = screen.getByRole("region", { name: "For others to decide" });
  expect(within(others).getByRole("link").getAttribute("href")).toBe("/more/approvals/r2");
});

test("an empty list, a refused one and one without a network each say so", async () => {
  list();
  await screen.findByText("Nothing waits for a second person.");
  fireEvent.click(screen.getByLabelText("Decided"));
  await screen.findByText("Nothing was asked for yet.");
  cleanup();
  queryClient.clear();
  network.answers["approvals.list"] = () => {
    throw "FORBIDDEN";
  };
  list();
  await screen.findByText(/^Your role or team does not allow you to see this list/);
  cleanup();
  queryClient.clear();
  network.isDown = true;
  list();
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
  cleanup();
  list("on-call");
  expect(
    screen.getByText(/^Changes of jobs, sources and users need a second person/),
  ).toBeDefined();
});

test("a change shows what differs, why, who and until when, and is approved as it was shown", async () => {
  requests = [
    changeRequest({
      differences: [
        { field: "clocks.startGraceMs", before: "600000", after: "900000" },
        { field: "schedule", before: "0 2 * * 1-5 Europe/Berlin", after: null },
      ],
    }),
  ];
  network.answers["approvals.approve"] = ({ note }) => {
    requests = [
      changeRequest({
        state: "APPLIED",
        decidedBy: "Night Operator",
        decidedAt: "2026-11-11T02:30:00.000Z",
        decisionNote: String(note),
        may: NOBODYS,
      }),
    ];
    return requests[0];
  };
  detail();
  await screen.findByRole("heading", { level: 1, name: "Change a job: GL extract" });
  const differences = screen.getByRole("region", { name: "What differs 2" });
  expect(differences.textContent).toContain("Start graceBefore10 minAfter15 min");
  expect(differences.textContent).toContain("Before0 2 * * 1-5 Europe/BerlinAfternothing");
  expect(screen.getByText("It begins later since the move.")).toBeDefined();
  expect(screen.getByText("Could approve").nextElementSibling?.textContent).toBe("Night Operator");

  tap("Approve…");
  const sheet = screen.getByRole("dialog");
  expect(sheet.textContent).toContain("Content a1b2c3d4e5f6");
  // What is shown behind the sheet may change: what was read is what is approved.
  queryClient.setQueryData(["approvals", "one", "r1"], changeRequest({ hash: "f".repeat(64) }));
  type("Note", "Seen with the desk.");
  fireEvent.click(within(sheet).getByRole("button", { name: "Approve" }));
  await screen.findByText("APPLIED");
  expect(network.called("approvals.approve")).toMatchObject([
    { requestId: "r1", hash: changeRequest().hash, note: "Seen with the desk." },
  ]);
  expect(screen.queryByRole("dialog")).toBe(null);
  expect(screen.getByText("Decided by").nextElementSibling?.textContent).toBe("Night Operator");
});

test("why it cannot be approved is said, and one's own is withdrawn", async () => {
  const own = {
    may: { ...NOBODYS, withdraw: true },
    whyNot: "You proposed this, so someone else must approve it.",
  };
  requests = [changeRequest(own)];
  network.answers["approvals.withdraw"] = () => {
    requests = [changeRequest({ state: "WITHDRAWN", may: NOBODYS })];
    return requests[0];
  };
  detail();
  await screen.findByText("You proposed this, so someone else must approve it.");
  expect(screen.queryByRole("button", { name: "Approve…" })).toBe(null);
  tap("Withdraw…");
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Withdraw" }));
  await screen.findByText("WITHDRAWN");
});

test("a rejection needs words, and what the server refuses is said in ours", async () => {
  requests = [changeRequest()];
  network.refusals["approvals.reject"] = { code: "CONFLICT", reason: "not_waiting" };
  detail();
  await screen.findByText("WAITING");
  tap("Reject…");
  const sheet = screen.getByRole("dialog");
  fireEvent.click(within(sheet).getByRole("button", { name: "Reject" }));
  expect(screen.getByText("Say why in a few words.")).toBeDefined();
  expect(network.called("approvals.reject")).toEqual([]);
  type("Why not", "Not before month-end.");
  fireEvent.click(within(sheet).getByRole("button", { name: "Reject" }));
  await screen.findByText(/^It does not wait any more: somebody was quicker/);
  expect(network.called("approvals.reject")).toMatchObject([{ note: "Not before month-end." }]);
});

test("an applied change is taken back by another request, which is then shown", async () => {
  requests = [
    changeRequest({
      state: "APPLIED",
      may: { ...NOBODYS, revert: true },
      decidedBy: "Night Operator",
    }),
  ];
  network.answers["approvals.revert"] = () => ({
    outcome: "waiting",
    request: changeRequest({ requestId: "r9" }),
    secret: null,
  });
  detail();
  await screen.findByText("APPLIED");
  tap("Take it back…");
  await screen.findByLabelText("Why");
  type("Why", "It pages too late.");
  tap("Ask for approval");
  await waitFor(() => expect(location.pathname).toBe("/more/approvals/r9"));
  expect(network.called("approvals.revert")).toMatchObject([
    { requestId: "r1", reason: "It pages too late.", breakGlass: false },
  ]);
});

test("a change that is not there, or of another team, says so", async () => {
  detail();
  await screen.findByText(/^No such change here/);
});

test("set-up is said where changes are, with its end", async () => {
  network.answers["approvals.state"] = () => SET_UP;
  list();
  await screen.findByText(/^Set-up: one person may approve alone until 1 Jan/);
});

test("a change under break-glass stands on every screen, with its end for who may read it", async () => {
  network.answers["approvals.state"] = () => ({ ...TWO_PEOPLE, breakGlass: 1 });
  const revertsAt = new Date(Date.now() + 3_600_000).toISOString();
  requests = [
    changeRequest({ state: "APPLIED", mode: "break-glass", revertsAt, may: MINE }),
    changeRequest({ requestId: "r3", state: "APPLIED" }),
  ];
  showScreen(<TrustBanner />);
  await screen.findByText(
    /^1 change stands without a second person until \d\d:\d\d\.$|until \d+ \w+ \d\d/,
  );
  expect(screen.getByRole("link", { name: "Look" }).getAttribute("href")).toBe("/more/approvals");
  cleanup();
  queryClient.clear();
  showScreen(<TrustBanner />, { role: "on-call" });
  await screen.findByText("1 change stands without a second person.");
  expect(screen.queryByRole("link")).toBe(null);
  expect(network.called("approvals.list")).toHaveLength(2);
});

test("the number beside Approvals counts what waits for the reader only", async () => {
  requests = [changeRequest(), changeRequest({ requestId: "r2", may: NOBODYS })];
  showScreen(<WaitingCount />);
  const count = await screen.findByText(/change waits for you/);
  expect(count.parentElement?.textContent).toBe("1 change waits for you");
  cleanup();
  queryClient.clear();
  network.calls.length = 0;
  showScreen(<WaitingCount />, { role: "on-call" });
  expect(network.called("approvals.list")).toEqual([]);
});

test("who asked for a source or user fetches the key or link once it is applied, once", async () => {
  requests = [
    changeRequest({
      kind: "source-add",
      subjectName: "core-banking",
      state: "APPLIED",
      differences: [{ field: "contract", before: null, after: "openlineage" }],
      may: { ...NOBODYS, collect: true },
    }),
  ];
  network.answers["approvals.collect"] = () => ({ secret: "bws_key" });
  detail();
  await screen.findByText("APPLIED");
  tap("Show the key, once");
  const secret = await screen.findByRole("status", { name: "The new source’s key" });
  expect(secret.textContent).toContain("apiKey: bws_key");
  network.refusals["approvals.collect"] = { code: "CONFLICT", reason: "already_collected" };
  tap("I have kept it");
  tap("Show the key, once");
  await screen.findByText("It was shown already, and is shown once only.");
});
