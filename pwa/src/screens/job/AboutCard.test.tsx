import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import type { JobView, MeView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeRequest } from "../../components/test-change.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { AboutCard } from "./AboutCard.tsx";
import { jobSettings, jobView } from "./test-settings.ts";

const PROCEDURES = ["configure", "rename", "retire", "assign"] as const;
const RETIRED = jobView({ lifecycle: "RETIRED", settings: jobSettings({ lifecycle: "RETIRED" }) });

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  network.answers["approvals.list"] = () => ({ items: [], nextCursor: null });
  for (const name of PROCEDURES) {
    network.answers[`jobs.${name}`] = () => ({ outcome: "waiting", request: changeRequest() });
  }
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

const show = (job: Partial<JobView> = {}, me: Partial<MeView> = {}): void =>
  showScreen(<AboutCard job={jobView(job)} />, me);
const fact = (name: string) => screen.getByText(name).nextElementSibling?.textContent;
const press = (name: string): void => {
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.click(dialog.getByRole("button", { name }));
};

test("what is set is told from what is not; who may not change it only reads", () => {
  const set = {
    businessName: "General ledger",
    firstStep: "Call operations",
    runbookUrl: "https://wiki.bank.example/gl",
    tier: 3,
    settings: jobSettings({ tier: 3, monitored: false, ownerTeamId: "lending" }),
  };
  show(set, { role: "auditor" });
  expect(fact("Business name")).toBe("General ledger");
  expect(fact("Name")).toBe("gl-extract in core");
  expect(fact("Tier")).toBe("3, normal: wakes nobody");
  expect(fact("Team")).toBe("Lending");
  expect(fact("Monitored")).toMatch(/^no:/);
  expect(fact("First step")).toBe("Call operations");
  expect(screen.getByRole("link", { name: "Runbook" }).getAttribute("href")).toBe(set.runbookUrl);
  expect(screen.queryByRole("button")).toBe(null);
  cleanup();
  show();
  expect(fact("Tier")).toBe("2, high (default)");
  expect(fact("Team")).toBe("Lending (from its source or facts)");
  expect(fact("Runbook")).toBe("none");
});

test("only what differs is asked for, with a reason, and waits; the way to withdraw it is there", async () => {
  show({ firstStep: "Call operations", businessName: "General ledger" });
  tap("Change what is set");
  await screen.findByRole("button", { name: "Ask for approval" });
  tap("Ask for approval");
  await screen.findByText("That is how it is already. Nothing was asked for.");
  type("Tier", "1");
  type("Monitored", "no");
  type("First step", "  ");
  tap("Ask for approval");
  await screen.findByText("Say why in a few words.");
  expect(network.called("jobs.configure")).toEqual([]);
  type("Why", "The regulator reads it.");
  tap("Ask for approval");
  await screen.findByText(/^Asked for\. Nothing is changed until a second person/);
  expect(network.called("jobs.configure")).toMatchObject([
    { jobId: "j1", reason: "The regulator reads it.", breakGlass: false },
  ]);
  expect(network.called("jobs.configure")[0]?.["change"]).toEqual({
    tier: 1,
    monitored: false,
    firstStep: null,
  });
  const withdraw = screen.getByRole("link", { name: "Withdraw it" });
  expect(withdraw.getAttribute("href")).toBe("/more/approvals/r1");
});

test("in set-up it is applied at once, and can be taken back", async () => {
  network.answers["approvals.state"] = () => SET_UP;
  network.answers["jobs.configure"] = () => ({
    outcome: "applied",
    request: changeRequest({ state: "APPLIED", mode: "set-up" }),
  });
  show({ tier: 1, settings: jobSettings({ tier: 1 }) });
  tap("Change what is set");
  await screen.findByRole("button", { name: "Save" });
  type("Tier", "");
  type("Runbook", "https://wiki.bank.example/gl");
  tap("Save");
  await screen.findByText("Applied.");
  expect(network.called("jobs.configure")[0]?.["change"]).toEqual({
    tier: null,
    runbookUrl: "https://wiki.bank.example/gl",
  });
  expect(screen.getByRole("link", { name: "Take it back" })).toBeDefined();
});

test("a refusal stands at its field and nothing that was typed is lost", async () => {
  network.answers["jobs.configure"] = () => undefined;
  network.refusals["jobs.configure"] = { code: "CONFLICT", reason: "already_waiting" };
  show();
  tap("Change what is set");
  await screen.findByLabelText("Why");
  type("Business name", "General ledger");
  type("Why", "People call it so.");
  tap("Ask for approval");
  await screen.findByText(/^A change of this kind waits for a second person already/);
  expect(screen.getByLabelText("Business name")).toHaveProperty("value", "General ledger");
});

test("a rename says that a job of that name is taken in for good, and is never without a second person", async () => {
  show();
  tap("Rename…");
  await screen.findByLabelText("Why");
  expect(screen.getByRole("dialog").textContent).toContain("that cannot be taken back");
  expect(screen.queryByLabelText(/^Break the glass/)).toBe(null);
  type("Why", "The scheduler was moved.");
  press("Ask for approval");
  await screen.findByText("That is what it is called already.");
  type("New name", "  ");
  press("Ask for approval");
  await screen.findByText("Give a name.");
  type("New name", " gl-extract-v2 ");
  press("Ask for approval");
  await screen.findByText(/^Asked for/);
  expect(network.called("jobs.rename")).toMatchObject([
    { jobId: "j1", name: "gl-extract-v2", namespace: "core", breakGlass: false },
  ]);
});

test("a retirement says what ends, is asked for from now or from a time on, and is taken back", async () => {
  show();
  tap("Retire…");
  await screen.findByLabelText(/^Break the glass/);
  expect(screen.getByRole("dialog").textContent).toContain("nobody is told when it fails");
  type("Why", "Its successor runs.");
  press("Ask for approval");
  await screen.findByText(/^Asked for/);
  expect(network.called("jobs.retire")[0]).not.toHaveProperty("from");
  tap("Retire…");
  type("From", "2027-01-01T00:00");
  type("Why", "Its successor runs.");
  press("Ask for approval");
  await screen.findByText(/^Asked for/);
  const from = new Date("2027-01-01T00:00").toISOString();
  await expect.poll(() => network.called("jobs.retire")[1]).toMatchObject({ from });

  cleanup();
  showScreen(<AboutCard job={RETIRED} />);
  expect(screen.queryByRole("button", { name: "Retire…" })).toBe(null);
  tap("Take the retirement back…");
  await screen.findByLabelText("Why");
  type("Why", "It is needed again.");
  press("Ask for approval");
  await expect.poll(() => network.called("jobs.retire")[2]).toMatchObject({ from: null });
});

test("a planned retirement is said, and can be taken back before it comes", () => {
  const planned = "2027-01-01T00:00:00.000Z";
  const change = { at: "2026-11-11T02:00:00.000Z", by: "Lead", field: "retiredFrom", before: null };
  show({ changes: [{ ...change, after: planned }] });
  expect(fact("Lifecycle")).toMatch(/^LIVE, retires .*2027/);
  expect(screen.getByRole("button", { name: "Take the retirement back…" })).toBeDefined();
  cleanup();
  show({
    changes: [
      { ...change, before: planned, after: null },
      { ...change, after: planned },
    ],
  });
  expect(fact("Lifecycle")).toBe("LIVE");
});

test("who runs Batchwatch gives it to a team, a team lead does not", async () => {
  const teams = [
    { teamId: "lending", name: "Lending" },
    { teamId: "cards", name: "Cards" },
  ];
  show({}, { teams });
  tap("Give to a team…");
  await screen.findByLabelText("Why");
  expect(screen.getByRole("dialog").textContent).toContain("those of Lending are not any more");
  type("Team", "cards");
  type("Why", "They run it.");
  press("Ask for approval");
  await screen.findByText(/^Asked for/);
  expect(network.called("jobs.assign")).toMatchObject([{ jobId: "j1", teamId: "cards" }]);
  cleanup();
  show({}, { role: "team-lead" });
  expect(screen.queryByRole("button", { name: "Give to a team…" })).toBe(null);
  expect(screen.getByRole("button", { name: "Rename…" })).toBeDefined();
});
