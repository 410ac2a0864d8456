import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deviceStore, keepIn } from "./offline/device-store.ts";
import { memoryStore } from "./offline/memory-store.ts";
import { pairHere } from "./offline/test-paired.ts";
import { currentSubscription } from "./push/current-subscription.ts";
import { allowPush } from "./push/test-browser-push.ts";
import { TestNetwork } from "./screens/test-network.ts";
import { leave, leaveEverywhere } from "./session.ts";

let network: TestNetwork;
beforeEach(async () => {
  keepIn(memoryStore());
  network = new TestNetwork();
  allowPush();
  await deviceStore.set("owner", { userId: "me", confirmed: true });
  await pairHere();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** What the server was asked for, beside access. */
const asked = (): readonly string[] =>
  network.calls.map(({ path }) => path).filter((path) => path !== "auth/refresh");
const isWoken = async (): Promise<boolean> => (await currentSubscription()) !== null;
const isPaired = async (): Promise<boolean> => (await deviceStore.get("device")) !== undefined;

describe.each([
  ["here", leave, "auth/sign-out"],
  ["everywhere", leaveEverywhere, "me.signOutEverywhere"],
] as const)("signing out %s", (_where, go, call) => {
  it("leaves nothing of its owner, and needs one call for it", async () => {
    network.auth["sign-out"] = () => Response.json({ ok: true });
    network.answers["me.signOutEverywhere"] = () => ({ ended: 1 });
    expect(await go()).toBe(true);
    expect([await isWoken(), await isPaired()]).toEqual([false, false]);
    expect(asked()[0]).toBe(call);
    // Whichever session the server was told of it in.
    const endpoint = expect.stringMatching(/^https:/) as string;
    expect(network.called("auth/sign-out")).toEqual([{ endpoint }]);
  });

  it("that the server could not be told of leaves a phone that still wakes its owner, and answers", async () => {
    network.auth["sign-out"] = () => Response.json({}, { status: 502 });
    network.answers["me.signOutEverywhere"] = () => {
      throw "INTERNAL_SERVER_ERROR";
    };
    network.answers["push.unsubscribe"] = () => ({ removed: true });
    network.answers["me.unpairDevice"] = () => ({ removed: true });
    expect(await go()).toBe(false);
    expect([await isWoken(), await isPaired()]).toEqual([true, true]);
    expect(asked()).toEqual([call]);
  });
});
