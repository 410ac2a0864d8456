import { cleanup, screen } from "@testing-library/react";
import type { PushDeviceView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap } from "../test-screen.tsx";
import { ThisPhone } from "./ThisPhone.tsx";

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

function device(subscriptionId: string, label: string): PushDeviceView {
  return {
    subscriptionId,
    label,
    isPrivate: false,
    createdAt: "2026-11-01T10:00:00.000Z",
    lastSentAt: null,
    lastShownAt: null,
    trouble: null,
    endpointHash: subscriptionId,
  };
}

test("a device that somebody else put there is removed from the list", async () => {
  let devices = [device("p1", "Chrome on Android"), device("p2", "Firefox on Windows")];
  network.answers["push.devices"] = () => devices;
  network.answers["push.remove"] = () => {
    devices = devices.slice(0, 1);
    return { removed: true };
  };
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("Firefox on Windows");
  tap("Do not wake me on Firefox on Windows any more");
  await vi.waitFor(() => expect(screen.queryByText("Firefox on Windows")).toBe(null));
  expect(screen.getByText("Chrome on Android")).toBeDefined();
  expect(network.called("push.remove")).toEqual([{ subscriptionId: "p2" }]);
});

test("what cannot be removed stays, and says so", async () => {
  network.answers["push.devices"] = () => [device("p1", "Chrome on Android")];
  network.refusals["push.remove"] = { code: "CONFLICT", reason: "held" };
  showScreen(<ThisPhone />, { role: "on-call" });
  await screen.findByText("Chrome on Android");
  tap("Do not wake me on Chrome on Android any more");
  // Beside it may stand that this browser can wake nobody.
  const said = await screen.findByText(/Nothing was changed\./);
  expect(said.closest("[role=alert]")).not.toBe(null);
  expect(screen.getByText("Chrome on Android")).toBeDefined();
});
