import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sendCommand } from "../offline/commands.ts";
import { deviceStore, keepIn } from "../offline/device-store.ts";
import { memoryStore } from "../offline/memory-store.ts";
import { currentSubscription } from "../push/current-subscription.ts";
import { allowPush, ENDPOINT } from "../push/test-browser-push.ts";
import { queryClient } from "../queries.ts";
import { TestNetwork } from "../screens/test-network.ts";
import { showScreen } from "../screens/test-screen.tsx";
import { AppNotices } from "./AppNotices.tsx";

let network: TestNetwork;
beforeEach(async () => {
  localStorage.clear();
  keepIn(memoryStore());
  network = new TestNetwork();
  network.answers["push.publicKey"] = () => ({ key: "AA" });
  network.answers["push.subscribe"] = () => ({ subscriptionId: "p1" });
  network.answers["push.devices"] = () => [];
  await deviceStore.set("owner", { userId: "me", confirmed: true });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  history.replaceState(null, "", "/");
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test.each([true, false])(
  "a device that is turned on again keeps what its owner chose for the lock screen: private %s",
  async (isPrivate) => {
    allowPush();
    await (await currentSubscription())?.unsubscribe();
    const choice = { label: "Chrome on Android", key: "AA", toldEndpoint: ENDPOINT };
    await deviceStore.set("push", { ...choice, isPrivate });
    showScreen(<AppNotices />);
    await sendCommand("i-1", { type: "acknowledge" });
    fireEvent.click(await screen.findByRole("button", { name: "Wake me" }));
    await waitFor(() => expect(network.called("push.subscribe")).toMatchObject([{ isPrivate }]));
    expect((await deviceStore.get("push"))?.isPrivate).toBe(isPrivate);
  },
);

describe("a device that its owner relies on", () => {
  const relies = (): Promise<void> =>
    deviceStore.set("push", {
      label: "Chrome on Android",
      key: "AA",
      toldEndpoint: ENDPOINT,
      isPrivate: false,
    });
  const words = "This phone cannot wake you.";
  const looked = async (): Promise<void> => {
    showScreen(<AppNotices />);
    await waitFor(() => expect(queryClient.getQueryData(["this-device"])).toBeDefined());
  };

  test("says it on every screen when its subscription is gone, and leads to where that is mended", async () => {
    allowPush();
    await relies();
    await (await currentSubscription())?.unsubscribe();
    await looked();
    await screen.findByText(words);
    fireEvent.click(screen.getByRole("link", { name: "Fix" }));
    expect(location.pathname).toBe("/more");
    await waitFor(() => expect(screen.queryByText(words)).toBe(null));
  });

  test("says it when its notifications are blocked", async () => {
    allowPush();
    await relies();
    vi.stubGlobal("Notification", { permission: "denied" });
    await looked();
    await screen.findByText(words);
  });

  test("says nothing while it wakes, nor where it was never asked to", async () => {
    allowPush();
    await relies();
    await looked();
    expect(screen.queryByText(words)).toBe(null);
    cleanup();
    queryClient.clear();
    await deviceStore.remove("push");
    await (await currentSubscription())?.unsubscribe();
    await looked();
    expect(screen.queryByText(words)).toBe(null);
  });
});
