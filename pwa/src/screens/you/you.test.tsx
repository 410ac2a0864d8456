import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { SessionView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as files from "../../components/save-file.ts";
import { changeRequest } from "../../components/test-change.ts";
import { access } from "../../offline/access.ts";
import { makeKey } from "../../offline/device-key.ts";
import { deviceStore, keepIn } from "../../offline/device-store.ts";
import { memoryStore } from "../../offline/memory-store.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { YouScreen } from "./YouScreen.tsx";

vi.mock("../../components/save-file.ts", () => ({ saveFile: vi.fn<typeof files.saveFile>() }));

const session = (fields: Partial<SessionView> = {}): SessionView => ({
  sessionId: "s1",
  label: "Chrome on Android",
  method: "password",
  createdAt: "2026-11-11T02:00:00.000Z",
  lastUsedAt: "2026-11-11T02:10:00.000Z",
  expiresAt: "2026-11-12T02:00:00.000Z",
  isThis: true,
  ...fields,
});

let network: TestNetwork;
let sessions: SessionView[];
beforeEach(() => {
  keepIn(memoryStore());
  network = new TestNetwork();
  sessions = [session(), session({ sessionId: "s2", label: "Firefox on Linux", isThis: false })];
  network.answers["me.sessions"] = () => ({ items: sessions });
  network.answers["me.hasPassword"] = () => ({ hasPassword: true });
  network.answers["me.devices"] = () => ({ items: [] });
  network.answers["push.devices"] = () => [];
  network.answers["retention.list"] = () => ({
    items: [
      { what: "audit", days: 2_556, setBy: "host" },
      { what: "runs", days: 90, setBy: "approved-change" },
    ],
  });
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  network.answers["approvals.list"] = () => ({ items: [], nextCursor: null });
  network.auth["sign-out"] = () => Response.json({ ok: true });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});
const show = (): void => showScreen(<YouScreen />);

test("this browser is told apart, and another one's session is ended", async () => {
  network.answers["me.endSession"] = ({ sessionId }) => {
    sessions = sessions.filter((each) => each.sessionId !== sessionId);
    return { ended: true };
  };
  show();
  await screen.findByText("This browser");
  expect(screen.queryByRole("button", { name: "End the session of Chrome on Android" })).toBe(null);
  tap("End the session of Firefox on Linux");
  await waitFor(() => expect(screen.queryByText("Firefox on Linux")).toBe(null));
  expect(network.called("me.endSession")).toEqual([{ sessionId: "s2" }]);
});

test("signing out everywhere is asked for twice, and leaves nothing here", async () => {
  network.answers["me.signOutEverywhere"] = () => ({ ended: 2 });
  await deviceStore.set("owner", { userId: "me", confirmed: true });
  show();
  await screen.findByText("This browser");
  tap("Sign out everywhere…");
  expect(network.called("me.signOutEverywhere")).toEqual([]);
  network.auth["refresh"] = () =>
    Response.json({ code: "signed_out", message: "" }, { status: 401 });
  fireEvent.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Sign out everywhere" }),
  );
  await waitFor(async () => expect(await deviceStore.get("owner")).toBeUndefined());
  expect(network.called("me.signOutEverywhere")).toHaveLength(1);
  await waitFor(async () => expect(await access()).toEqual({ kind: "signed-out" }));
});

test("where the server cannot be told one is still signed in, and told so", async () => {
  network.answers["me.signOutEverywhere"] = () => {
    throw "INTERNAL_SERVER_ERROR";
  };
  show();
  await screen.findByText("This browser");
  tap("Sign out everywhere…");
  fireEvent.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Sign out everywhere" }),
  );
  await screen.findByText("The server could not be told. You are still signed in.");
});

test("a first password long after the sign-in says what to do", async () => {
  network.answers["me.hasPassword"] = () => ({ hasPassword: false });
  network.refusals["me.setPassword"] = { code: "BAD_REQUEST", reason: "sign_in_again" };
  show();
  tap(await screen.findByRole("button", { name: "Set a password" }).then(() => "Set a password"));
  type("New password", "four unrelated plain words");
  tap("Save");
  await screen.findByText(
    "For a first password you must have just signed in. Sign out and in again.",
  );
});

test("the password is changed with the one before; what is wrong stands at its field", async () => {
  network.refusals["me.setPassword"] = { code: "BAD_REQUEST", reason: "wrong_password" };
  network.answers["me.setPassword"] = () => ({ set: true });
  show();
  tap(
    await screen
      .findByRole("button", { name: "Change the password" })
      .then(() => "Change the password"),
  );
  type("Current password", "old");
  type("New password", "four unrelated plain words");
  tap("Save");
  await screen.findByText("That is not it.");
  expect(screen.getByLabelText("Current password").getAttribute("aria-invalid")).toBe("true");
  network.refusals["me.setPassword"] = { code: "BAD_REQUEST", reason: "weak_password" };
  tap("Save");
  await waitFor(() =>
    expect(screen.getByLabelText("New password").getAttribute("aria-invalid")).toBe("true"),
  );
  delete network.refusals["me.setPassword"];
  tap("Save");
  await screen.findByText("It is set. Your other browsers were signed out.");
  expect(network.called("me.setPassword").at(-1)).toEqual({
    password: "four unrelated plain words",
    current: "old",
  });
});

test("the device on which a new password is set is paired again, and no other is", async () => {
  network.answers["me.setPassword"] = () => ({ set: true });
  network.answers["me.pairDevice"] = () => ({
    deviceId: "d2",
    goodUntil: "2099-01-01T00:00:00.000Z",
  });
  const change = async (): Promise<void> => {
    show();
    fireEvent.click(await screen.findByRole("button", { name: "Change the password" }));
    type("Current password", "old");
    type("New password", "four unrelated plain words");
    tap("Save");
    await screen.findByText("It is set. Your other browsers were signed out.");
    cleanup();
  };
  await deviceStore.set("owner", { userId: "me", confirmed: true });
  await change();
  expect(network.called("me.pairDevice")).toEqual([]);
  const { publicKey, privateKey } = await makeKey();
  await deviceStore.set("device", {
    deviceId: "d1",
    userId: "me",
    name: "Duty Operator",
    role: "on-call",
    publicKey,
    privateKey,
    goodUntil: "2099-01-01T00:00:00.000Z",
  });
  await change();
  expect(network.called("me.pairDevice")).toMatchObject([{ publicKey }]);
  expect((await deviceStore.get("device"))?.deviceId).toBe("d2");
});

test("paired devices are listed with their time, and removed", async () => {
  const device = {
    deviceId: "d1",
    userId: "me",
    label: "Chrome on Android",
    pairedAt: Date.now(),
    lastUsedAt: null,
    goodUntil: Date.now() + 3_600_000,
  };
  let devices = [device];
  network.answers["me.devices"] = () => ({ items: devices });
  network.answers["me.unpairDevice"] = () => {
    devices = [];
    return { removed: true };
  };
  show();
  await screen.findByText(/^good until/);
  tap("Remove Chrome on Android");
  await screen.findByText(/^None\. A phone is paired when/);
});

test("my data is exported as a file, with what I agreed to", async () => {
  network.answers["push.devices"] = () => [
    {
      subscriptionId: "p1",
      label: "Chrome on Android",
      isPrivate: false,
      createdAt: "2026-11-01T10:00:00.000Z",
      lastSentAt: null,
      lastShownAt: null,
      trouble: null,
      endpointHash: "h",
    },
  ];
  network.answers["me.export"] = () => ({ fileName: "my-data.json", text: "{}" });
  show();
  await screen.findByText("You agreed to be woken on Chrome on Android");
  expect(screen.getByText(/^since Sun, 1 Nov/)).toBeDefined();
  tap("Export my data");
  await screen.findByText("Saved as my-data.json.");
  expect(files.saveFile).toHaveBeenCalledWith("my-data.json", "{}", "application/json");
});

test("erasing says what stays, needs the name typed, and ends here", async () => {
  network.answers["me.erase"] = () => ({ erased: true });
  await deviceStore.set("owner", { userId: "me", confirmed: true });
  show();
  await screen.findByText("This browser");
  tap("Erase my data…");
  const sheet = screen.getByRole("dialog");
  expect(sheet.textContent).toContain("What you did stays in the record under a number");
  type("Your name", "Somebody");
  fireEvent.click(within(sheet).getByRole("button", { name: "Erase my data" }));
  await screen.findByText("That is not your name. It is Duty Operator.");
  expect(network.called("me.erase")).toEqual([]);
  type("Your name", "Duty Operator");
  fireEvent.click(within(sheet).getByRole("button", { name: "Erase my data" }));
  await waitFor(async () => expect(await deviceStore.get("owner")).toBeUndefined());
  expect(network.called("me.erase")).toMatchObject([{ name: "Duty Operator" }]);
});

test("what is kept how long is said to everybody, and changed by administrators with a second person", async () => {
  network.answers["retention.propose"] = () => ({
    outcome: "waiting",
    request: changeRequest({ kind: "retention-set", subjectId: "runs" }),
    secret: null,
  });
  show();
  await screen.findByText("The record of who did what");
  expect(screen.getByText("7 years")).toBeDefined();
  expect(screen.getByText("90 days, by an approved change")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Change how long" })).toBe(null);
  screen.getByText(/^Only administrators change how long something is kept\. The first one/);
  screen.getByText(/^npx --no batchwatch user add .*--role administrator$/);
  cleanup();
  showScreen(<YouScreen />, { role: "on-call" });
  await screen.findByText("Only administrators change how long something is kept.");
  expect(screen.queryByText(/^npx/)).toBe(null);
  cleanup();
  showScreen(<YouScreen />, { role: "administrator" });
  tap(await screen.findByRole("button", { name: "Change how long" }).then(() => "Change how long"));
  await screen.findByLabelText("Why");
  type("What", "runs");
  type("Days", "0");
  type("Why", "The regulator asks for a year.");
  tap("Ask for approval");
  await screen.findByText("Give whole days from 1 to 36500.");
  type("Days", "366");
  tap("Ask for approval");
  await screen.findByRole("button", { name: "Change how long" });
  expect(network.called("retention.propose")).toMatchObject([{ what: "runs", days: 366 }]);
});

test("each part says by itself that it could not be had", async () => {
  network.isDown = true;
  show();
  await waitFor(() =>
    expect(
      screen.getAllByText("No connection. Nothing is lost; it is tried again by itself."),
    ).toHaveLength(5),
  );
});
