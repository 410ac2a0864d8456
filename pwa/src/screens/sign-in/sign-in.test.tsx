import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { SignInResult } from "../../auth.ts";
import { clock } from "../../live/tick-clock.ts";
import { access, forgetAccess } from "../../offline/access.ts";
import { deviceStore, keepIn } from "../../offline/device-store.ts";
import { memoryStore } from "../../offline/memory-store.ts";
import { pairHere } from "../../offline/test-paired.ts";
import { card } from "../../offline/test-card.ts";
import { queryClient } from "../../queries.ts";
import { incidentView } from "../incident/test-incident-view.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap, type } from "../test-screen.tsx";
import { SignedOut } from "./SignedOut.tsx";
import { Unreached } from "./Unreached.tsx";

let network: TestNetwork;
const refused = (code: string, status: number, headers: Record<string, string> = {}): Response =>
  Response.json({ code, message: code }, { status, headers });

beforeEach(() => {
  keepIn(memoryStore());
  network = new TestNetwork();
  network.auth["refresh"] = () => refused("signed_out", 401);
  network.auth["methods"] = () => Response.json({ password: true, oidc: { name: "Example Bank" } });
  history.replaceState(null, "", "/");
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.useRealTimers();
});

const show = (linkResult: SignInResult | null = null): void =>
  showScreen(<SignedOut linkResult={linkResult} />);

test("a name and a password sign in, with what a password manager looks for", async () => {
  network.auth["sign-in"] = () =>
    Response.json({ accessToken: "t1", expiresAt: "2099-01-01T00:00:00.000Z" });
  show();
  const password = await screen.findByLabelText("Password");
  expect(screen.getByLabelText("Name").getAttribute("autocomplete")).toBe("username");
  expect(password.getAttribute("autocomplete")).toBe("current-password");
  expect(password.getAttribute("type")).toBe("password");
  tap("Show");
  expect(password.getAttribute("type")).toBe("text");
  tap("Hide");
  tap("Sign in");
  expect(screen.getByText("Give your name and your password.")).toBeDefined();
  type("Name", " Duty Operator ");
  type("Password", "correct horse battery");
  tap("Sign in");
  await waitFor(() =>
    expect(network.called("auth/sign-in")).toEqual([
      { name: "Duty Operator", password: "correct horse battery" },
    ]),
  );
  expect(await access()).toMatchObject({ kind: "open", token: "t1" });
});

test("what is wrong is said, and never whether the name is known", async () => {
  network.auth["sign-in"] = () => refused("invalid_password", 401);
  show();
  await screen.findByLabelText("Password");
  type("Name", "nobody");
  type("Password", "x");
  tap("Sign in");
  await screen.findByText("Name and password do not belong together.");
  network.isDown = true;
  tap("Sign in");
  await screen.findByText("The server did not answer. Nothing is used up: try again.");
});

test("too many attempts are counted down, and nothing is sent before", async () => {
  network.auth["sign-in"] = () => refused("too_many_attempts", 429, { "retry-after": "30" });
  show();
  await screen.findByLabelText("Password");
  type("Name", "Duty Operator");
  type("Password", "x");
  tap("Sign in");
  await screen.findByText("Too many attempts.");
  await screen.findByText(/^Try again in (30|29) s\.$/);
  const button = screen.getByRole("button", { name: "Sign in" });
  expect(button.hasAttribute("disabled")).toBe(true);
  clock.follow(clock.now() + 31_000);
  await waitFor(() => expect(button.hasAttribute("disabled")).toBe(false));
  clock.follow(Date.now());
});

test("Caps Lock is told of while it is on", async () => {
  show();
  const password = await screen.findByLabelText("Password");
  const key = (isOn: boolean): void => {
    const event = new KeyboardEvent("keydown", { key: "a", bubbles: true });
    Object.defineProperty(event, "getModifierState", { value: () => isOn });
    fireEvent(password, event);
  };
  key(true);
  expect(screen.getByText("Caps Lock is on.")).toBeDefined();
  key(false);
  expect(screen.queryByText("Caps Lock is on.")).toBe(null);
});

test("the organisation's own sign-in is offered by its name, and what it came back with is said once", async () => {
  history.replaceState(null, "", "/#problem=oidc_unknown_user");
  show();
  await screen.findByRole("button", { name: "Sign in with Example Bank" });
  expect(screen.getByText(/^Nobody here belongs to that account/)).toBeDefined();
  expect(location.hash).toBe("");
});

test("without other ways in a link is asked for, and a used one is told of", async () => {
  network.auth["methods"] = () => Response.json({ password: false, oidc: null });
  show({ kind: "refused", code: "invalid_code", retryAfterMs: null });
  const code = await screen.findByLabelText("Sign-in link or code");
  expect(screen.queryByLabelText("Password")).toBe(null);
  expect(screen.getByText(/^This code was used already or has expired/)).toBeDefined();
  fireEvent.change(code, { target: { value: "not a link" } });
  tap("Sign in");
  await screen.findByText("That is neither a sign-in link nor a code.");
});

test("a server that does not say how leaves the link, and is asked again", async () => {
  network.auth["methods"] = () => refused("internal", 500);
  show();
  await screen.findByText(/^The server does not say how to sign in/);
  expect(screen.getByLabelText("Sign-in link or code")).toBeDefined();
  network.auth["methods"] = () => Response.json({ password: true, oidc: null });
  tap("Ask again");
  await screen.findByLabelText("Password");
});

async function pair(goodUntil = "2099-01-01T00:00:00.000Z"): Promise<void> {
  await deviceStore.set("owner", { userId: "me", confirmed: false });
  await pairHere("me", goodUntil);
}

test("a paired device answers the incident that was paged, and leads to the way in", async () => {
  await pair();
  network.auth["device"] = () =>
    Response.json({ accessToken: "t-device", expiresAt: "2099-01-01T00:00:00.000Z" });
  network.answers["incidents.get"] = () =>
    incidentView("i1", { acknowledgedBy: null, acknowledgedAt: null, state: "OPEN" });
  forgetAccess();
  await access();
  history.replaceState(null, "", "/incidents/i1");
  show();
  await screen.findByText("Signed out. You can still answer what was paged to you.");
  await screen.findByRole("button", { name: /^Acknowledge/ });
  for (const name of ["Snooze", "Escalate", "Comment"]) {
    expect(screen.getByRole("button", { name })).toBeDefined();
  }
  // What its key does not open is not offered.
  expect(screen.queryByRole("button", { name: "More" })).toBe(null);
  fireEvent.click(screen.getByRole("link", { name: "Sign in" }));
  await screen.findByRole("heading", { name: "Signed out" });
  expect(screen.getByText("You can still answer what was paged to you.")).toBeDefined();
});

describe("signed out and without a connection", () => {
  const unreached = (path: string): void => {
    network.isDown = true;
    history.replaceState(null, "", path);
    showScreen(
      <Unreached why="No connection.">
        <p>No connection.</p>
      </Unreached>,
    );
  };
  /** As the service worker does. */
  const keepCard = async (incidentId = "i-1", received: object = card()): Promise<void> => {
    await deviceStore.set("cards", [
      {
        incidentId,
        version: 4,
        title: "FAILED GL extract",
        body: "02:14 Settlement file missing.",
        card: received,
        receivedAt: new Date().toISOString(),
      },
    ]);
    const channel = new BroadcastChannel("batchwatch");
    channel.postMessage({ type: "shown", notificationId: null });
    channel.close();
  };

  test("a paired device shows what was paged, and takes the answer in until somebody can be asked", async () => {
    await pair();
    await keepCard();
    unreached("/incidents/i-1");
    await screen.findByText("No connection. You can still answer what was paged to you.");
    await screen.findByText("Ask the sender for the file.", { exact: false });
    fireEvent.click(await screen.findByRole("button", { name: /^Acknowledge/ }));
    await screen.findByText(/^Not sent yet\. Keep this screen open\./);
    expect(await deviceStore.get("commands")).toMatchObject([
      { incidentId: "i-1", action: { type: "acknowledge" }, userId: "me", state: "waiting" },
    ]);
  });

  test("elsewhere it leads there, also where the push carried no details", async () => {
    await pair();
    await keepCard("i-2", { incidentId: "i-2", version: 4, kind: "page", severity: "HIGH" });
    unreached("/");
    fireEvent.click(await screen.findByRole("link", { name: /^FAILED GL extract/ }));
    await screen.findByRole("heading", { name: "FAILED GL extract" });
    await screen.findByRole("button", { name: /^Acknowledge the incident of/ });
  });

  test.each([
    ["never paired", null],
    ["paired for a time that is over", "2020-01-01T00:00:00.000Z"],
  ])("a device that was %s shows nothing", async (_what, goodUntil) => {
    if (goodUntil !== null) await pair(goodUntil);
    await keepCard();
    unreached("/incidents/i-1");
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect(document.body.textContent).toBe("No connection.");
  });
});
