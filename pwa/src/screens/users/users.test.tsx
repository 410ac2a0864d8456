import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { UserView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeRequest } from "../../components/test-change.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { SET_UP, showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { teamNamesOf } from "./user-words.ts";
import { UsersScreen } from "./UsersScreen.tsx";

const user = (fields: Partial<UserView> = {}): UserView => ({
  userId: "u1",
  name: "Duty Operator",
  role: "on-call",
  teamIds: ["lending"],
  lastSignInAt: null,
  ...fields,
});

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  network.answers["users.list"] = ({ filter }) => ({
    items: (filter as { text?: string } | undefined)?.text === "zz" ? [] : [user()],
    nextCursor: null,
  });
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  network.answers["approvals.list"] = () => ({ items: [], nextCursor: null });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

test("people are listed with role, teams and last sign-in, and found by name", async () => {
  showScreen(<UsersScreen />, { role: "auditor" });
  await screen.findByText("Duty Operator");
  expect(screen.getByText("On call")).toBeDefined();
  expect(screen.getByText(/^Lending ·/).textContent).toContain("never signed in");
  expect(screen.queryByRole("button")).toBe(null);
  type("Find a user", "zz");
  await screen.findByText("No user matches “zz”.");
});

test("who may not change users is told who does, and operations how the first one comes", async () => {
  showScreen(<UsersScreen />);
  await screen.findByText("Duty Operator");
  expect(
    screen.getByText(/^Only administrators add, change and remove users\. The first/),
  ).toBeDefined();
  const command = screen.getByText(/^npx --no batchwatch user add/).textContent;
  expect(command).toBe('npx --no batchwatch user add --name "NAME" --role administrator');
  expect(screen.getByRole("button", { name: "Copy" })).toBeDefined();
  cleanup();
  showScreen(<UsersScreen />, { role: "auditor" });
  expect(screen.getByText("Only administrators add, change and remove users.")).toBeDefined();
  expect(screen.queryByText(/npx/)).toBe(null);
  cleanup();
  showScreen(<UsersScreen />, { role: "administrator" });
  await screen.findByText("Duty Operator");
  expect(screen.queryByText(/^Only administrators/)).toBe(null);
});

test("a user is asked for, and waits for a second person", async () => {
  network.answers["users.propose"] = () => ({
    outcome: "waiting",
    request: changeRequest({ kind: "user-add" }),
    secret: null,
  });
  showScreen(<UsersScreen />, { role: "administrator" });
  await screen.findByText("Duty Operator");
  tap("Add a user");
  await screen.findByLabelText("Why");
  tap("Ask for approval");
  await screen.findByText("Give a name.");
  await screen.findByText("Say why in a few words.");
  type("Name", " Night Operator ");
  type("Role", "team-lead");
  type("Teams", "Lending, Cards, Lending,");
  type("Why", "New on the night desk.");
  tap("Ask for approval");
  await screen.findByRole("button", { name: "Add a user" });
  expect(network.called("users.propose")).toMatchObject([
    {
      change: {
        kind: "user-add",
        payload: { name: "Night Operator", role: "team-lead", teamNames: ["Lending", "Cards"] },
      },
      reason: "New on the night desk.",
      breakGlass: false,
    },
  ]);
});

test("in set-up the new user's link is shown once", async () => {
  network.answers["approvals.state"] = () => SET_UP;
  network.answers["users.propose"] = () => ({
    outcome: "applied",
    request: changeRequest({ kind: "user-add", state: "APPLIED" }),
    secret: "http://127.0.0.1:8080/#code=once",
  });
  showScreen(<UsersScreen />, { role: "administrator" });
  await screen.findByText("Duty Operator");
  tap("Add a user");
  await screen.findByRole("button", { name: "Save" });
  type("Name", "Night Operator");
  tap("Save");
  const link = await screen.findByRole("status", { name: "Sign-in link" });
  expect(link.textContent).toContain("#code=once");
  expect(within(link).getByRole("button", { name: "Copy" })).toBeDefined();
  tap("I have kept it");
  expect(document.body.textContent).not.toContain("#code=once");
});

test("role and teams are changed, and somebody is removed after it was said what that means", async () => {
  network.answers["users.propose"] = () => ({
    outcome: "waiting",
    request: changeRequest(),
    secret: null,
  });
  showScreen(<UsersScreen />, { role: "administrator" });
  await screen.findByText("Duty Operator");
  tap("Change Duty Operator");
  await screen.findByLabelText("Why");
  expect(screen.getByLabelText("Teams")).toHaveProperty("value", "Lending");
  type("Role", "auditor");
  type("Why", "Moved.");
  tap("Ask for approval");
  await screen.findByRole("button", { name: "Remove Duty Operator" });
  tap("Remove Duty Operator");
  const sheet = screen.getByRole("dialog");
  expect(sheet.textContent).toContain("signed out everywhere");
  await screen.findByLabelText("Why");
  type("Why", "Left.");
  fireEvent.click(within(sheet).getByRole("button", { name: "Ask for approval" }));
  await waitFor(() => expect(network.called("users.propose")).toHaveLength(2));
  expect(network.called("users.propose")).toMatchObject([
    { change: { kind: "user-change", payload: { userId: "u1", role: "auditor" } } },
    { change: { kind: "user-remove", payload: { userId: "u1" } } },
  ]);
});

test("what the server refuses is said, and nothing is lost", async () => {
  network.refusals["users.propose"] = { code: "CONFLICT", reason: "last_administrator" };
  showScreen(<UsersScreen />, { role: "administrator" });
  await screen.findByText("Duty Operator");
  tap("Change Duty Operator");
  await screen.findByLabelText("Why");
  type("Why", "Moved.");
  tap("Ask for approval");
  await screen.findByText("Nobody else is an administrator. Make another one first.");
  expect(screen.getByLabelText("Why")).toHaveProperty("value", "Moved.");
});

test("who may not see users is told who does; a lost network is told of", async () => {
  showScreen(<UsersScreen />, { role: "team-lead" });
  expect(screen.getByText(/^Operations managers, auditors and administrators/)).toBeDefined();
  cleanup();
  network.isDown = true;
  showScreen(<UsersScreen />, { role: "auditor" });
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
});

test("team names stand between commas, each once", () => {
  expect(teamNamesOf(" a, b ,,a")).toEqual(["a", "b"]);
  expect(teamNamesOf("")).toEqual([]);
});
