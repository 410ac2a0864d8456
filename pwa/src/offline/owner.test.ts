import { beforeEach, describe, expect, it } from "vitest";
import type { DeviceStore } from "./device-store.ts";
import { memoryStore } from "./memory-store.ts";
import { claim, hold, keepFor, loseSession } from "./owner.ts";
import { command } from "./test-commands.ts";
import { card } from "./test-card.ts";
import { FullStore } from "./test-full-store.ts";

const CARD = {
  incidentId: "i-1",
  version: 4,
  title: "FAILED",
  body: "",
  card: card(),
  receivedAt: "2026-11-11T02:14:01.000Z",
};

describe("whose device it is", () => {
  let store: DeviceStore;
  beforeEach(async () => {
    store = memoryStore();
    await claim(store, "u1");
    await store.set("commands", [command("c1")]);
    await store.set("cards", [CARD]);
    await store.set("boardConfirmed", { of: 1, at: 7 });
  });

  it("stays with the same person, and keeps everything", async () => {
    expect(await claim(store, "u1")).toBe("same");
    expect(await store.get("commands")).toHaveLength(1);
  });

  it("goes to another person, who finds nothing", async () => {
    expect(await claim(store, "u2")).toBe("other");
    const left = await Promise.all([
      store.get("commands"),
      store.get("cards"),
      store.get("boardConfirmed"),
    ]);
    expect(left).toEqual([undefined, undefined, undefined]);
    expect(await store.get("owner")).toEqual({ userId: "u2", confirmed: true });
  });

  it("is open while somebody signs in, and as before when they could not", async () => {
    const release = await hold(store);
    expect(await store.get("owner")).toEqual({ userId: "u1", confirmed: false });
    await release();
    expect(await store.get("owner")).toEqual({ userId: "u1", confirmed: true });
  });

  it("is known on a full device, too, so that somebody can sign in there", async () => {
    const device = new FullStore();
    await claim(device, "u1");
    await device.set("commands", [command("c1")]);
    device.isFull = true;
    const release = await hold(device);
    expect(await device.get("owner")).toEqual({ userId: "u1", confirmed: false });
    device.isFull = true;
    await release();
    expect(await device.get("owner")).toEqual({ userId: "u1", confirmed: true });
    expect(await device.get("commands")).toHaveLength(1);
  });

  it("is open after a lost session: what was shown is gone, what was done and received waits", async () => {
    await loseSession(store);
    expect(await store.get("boardConfirmed")).toBeUndefined();
    expect(await store.get("cards")).toHaveLength(1);
    expect(await store.get("commands")).toMatchObject([{ refusal: { code: "UNAUTHORIZED" } }]);
    expect(await claim(store, "u1")).toBe("same");
    expect(await store.get("commands")).toMatchObject([{ refusal: null, notBefore: 0 }]);
  });

  it("lets nothing be kept for somebody who is not its owner, or leaves meanwhile", async () => {
    expect(await keepFor(store, "u2", "boardConfirmed", () => ({ of: 1, at: 9 }))).toBe(false);
    expect((await store.get("boardConfirmed"))?.at).toBe(7);
    const leaving: DeviceStore = {
      ...store,
      update: async (key, change) => {
        await store.update(key, change);
        await store.clear();
        await store.update(key, change);
      },
    };
    expect(await keepFor(leaving, "u1", "boardConfirmed", () => ({ of: 1, at: 9 }))).toBe(false);
    expect(await store.get("boardConfirmed")).toBeUndefined();
  });
});
