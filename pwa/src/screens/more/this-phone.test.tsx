import { cleanup, screen } from "@testing-library/react";
import type { PushDeviceView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deviceStore, keepIn } from "../../offline/device-store.ts";
import { memoryStore } from "../../offline/memory-store.ts";
import { endpointHash } from "../../push/subscription.ts";
import { allowPush, ENDPOINT } from "../../push/test-browser-push.ts";
import { checkSubscription } from "../../push/turn-on.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap } from "../test-screen.tsx";
import { ThisPhone } from "./ThisPhone.tsx";

let network: TestNetwork;
/** What the server knows. */
let devices: PushDeviceView[] = [];
beforeEach(async () => {
  keepIn(memoryStore());
  network = new TestNetwork();
  allowPush();
  devices = [];
  network.answers["push.devices"] = () => devices;
  network.answers["push.publicKey"] = () => ({ key: "AA" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choice = { label: "Chrome on Android", isPrivate: false, key: "AA", zone };
  await deviceStore.set("push", { ...choice, toldEndpoint: ENDPOINT });
  network.answers["push.subscribe"] = () => ({ subscriptionId: "p1" });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function known(): Promise<PushDeviceView> {
  return {
    subscriptionId: "p1",
    label: "Chrome on Android",
    isPrivate: false,
    createdAt: "2026-11-01T10:00:00.000Z",
    lastSentAt: null,
    lastShownAt: null,
    trouble: null,
    endpointHash: await endpointHash(ENDPOINT),
  };
}

test("a phone that the server knows says that it wakes", async () => {
  devices = [await known()];
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("Chrome on Android");
  await screen.findByText("This phone wakes you when you are paged.");
  expect(screen.queryByRole("button", { name: "Wake me on this phone" })).toBe(null);
});

test("a phone that the server does not know any more says that it does not wake, and is turned on again", async () => {
  const own = await known();
  devices = [{ ...own, subscriptionId: "p2", label: "Firefox on Windows", endpointHash: "other" }];
  network.answers["push.subscribe"] = () => {
    devices = [...devices, own];
    return own;
  };
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("Firefox on Windows");
  await screen.findByText(/^The server does not know this phone any more/);
  expect(screen.queryByText("This phone wakes you when you are paged.")).toBe(null);
  expect(screen.queryByRole("checkbox")).toBe(null);
  tap("Wake me on this phone");
  await screen.findByText("This phone wakes you when you are paged.");
  expect(network.called("push.subscribe")).toMatchObject([{ endpoint: ENDPOINT }]);
});

test.each([
  ["its notifications are blocked", "denied", null, /^Notifications are blocked for this site/],
  [
    "the push service refuses it",
    "granted",
    "403 from the push service",
    /^The push service takes/,
  ],
] as const)("a phone promises nothing while %s", async (_, permission, trouble, words) => {
  devices = [{ ...(await known()), trouble }];
  vi.stubGlobal("Notification", { permission, requestPermission: async () => permission });
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("Chrome on Android");
  await screen.findByText(words);
  expect(screen.queryByText("This phone wakes you when you are paged.")).toBe(null);
  // A browser's "no" is not asked again; what the push service refuses is subscribed anew.
  const button = screen.queryByRole("button", { name: "Wake me on this phone" });
  expect(button !== null).toBe(permission === "granted");
});

test("while the server cannot be asked the phone says what it knows itself", async () => {
  network.isDown = true;
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("This phone wakes you when you are paged.");
});

const toldEndpoint = async () => (await deviceStore.get("push"))?.toldEndpoint;

test("a browser is told to the server in each new session, although it is known", async () => {
  devices = [await known()];
  await checkSubscription(true);
  expect(network.called("push.subscribe")).toMatchObject([
    { endpoint: ENDPOINT, isPrivate: false, label: "Chrome on Android" },
  ]);
  expect(await toldEndpoint()).toBe(ENDPOINT);
});

test("it is not told again in the same session while the server knows it", async () => {
  devices = [await known()];
  await checkSubscription(false);
  expect(network.called("push.subscribe")).toEqual([]);
  devices = [];
  await checkSubscription(false);
  expect(network.called("push.subscribe")).toHaveLength(1);
});

test("it is told at the next opening when there was no network after the sign-in", async () => {
  devices = [await known()];
  network.isDown = true;
  await checkSubscription(true);
  expect(await toldEndpoint()).toBe(null);
  network.isDown = false;
  await checkSubscription(false);
  expect(network.called("push.subscribe")).toHaveLength(1);
  expect(await toldEndpoint()).toBe(ENDPOINT);
});

test("it is told its zone, and again when its clock has moved to another", async () => {
  devices = [await known()];
  const zone = vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions");
  zone.mockReturnValue({ timeZone: "Asia/Kolkata" } as Intl.ResolvedDateTimeFormatOptions);
  await checkSubscription(false);
  expect(network.called("push.subscribe")).toMatchObject([{ zone: "Asia/Kolkata" }]);
  await checkSubscription(false);
  expect(network.called("push.subscribe")).toHaveLength(1);
});
