import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import type { SendOutcome } from "@batchwatch/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Seal } from "../auth/seal.ts";
import { API_LIMITS } from "../options.ts";
import { NotifyingWorld, PATH_SECRET, toWebhook } from "./test-notifying.ts";
import { testNotification } from "./test-notifications.ts";

let world: NotifyingWorld;
beforeEach(async () => {
  world = await NotifyingWorld.start();
});
afterEach(() => world.stop());

describe("the store", () => {
  test("is read once for many, and a device added meanwhile is found at once", async () => {
    world.addDevice();
    const one = world.notifier();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        one.send(testNotification({ notificationId: `n-${n}` })),
      ),
    );
    expect(world.store.reads).toBe(1);
    const device = world.store.devices.get("device-1");
    if (device !== undefined) world.store.devices.set("new", { ...device, subscriptionId: "new" });
    expect(await one.send(testNotification({ targetId: "new" }))).toEqual({ type: "sent" });
  });

  test("while it is away what was known counts; what never was known has failed, not gone", async () => {
    world.addDevice();
    let now = Date.now();
    const one = world.notifier({ now: () => now });
    expect((await one.send(testNotification())).type).toBe("sent");
    world.store.away = true;
    now += API_LIMITS.receiversAgeMs;
    expect((await one.send(testNotification())).type).toBe("sent");
    expect((await one.send(testNotification({ targetId: "never" }))).type).toBe("failed");
    expect(world.errors.length).toBeGreaterThan(0);
  });
});

test("keys are made once: everybody who comes later gets the same pair", async () => {
  const again = await world.open(null, new Seal(world.material));
  expect(again.publicKey).toBe(world.vapid.publicKey);
  expect(world.store.secrets.get("vapid")).toMatch(/^bw1\./);
  const other = world.open(null, new Seal(randomBytes(32)));
  await expect(other).rejects.toThrow("BATCHWATCH_SECRET_FILE");
});

test("no secret is in what is stored, said or noted, whatever the answer", async () => {
  const keys = JSON.parse(world.seal.open("vapid", world.store.secrets.get("vapid") ?? ""));
  const secrets = [
    world.secret,
    world.secret.slice("whsec_".length),
    keys.privateKey,
    world.browser.auth,
    PATH_SECRET,
    world.material.toString("base64url"),
    world.material.toString("hex"),
  ];
  const said: SendOutcome[] = [];
  for (const status of [204, 302, 400, 403, 404, 410, 413, 429, 500]) {
    world.answering(status);
    world.addWebhook();
    world.addDevice();
    said.push(
      await world.notifier().send(toWebhook()),
      await world.notifier().send(testNotification()),
    );
  }
  await world.receiver.stop();
  said.push(
    await world.notifier().send(toWebhook()),
    await world.notifier().send(testNotification()),
  );
  world.addDevice({ p256dh: "AAAA" });
  said.push(await world.notifier().send(testNotification()));
  const { store, errors, vapid, seal } = world;
  const stored = [...store.hooks.values()].map(({ sealedSecret }) => sealedSecret);
  const troubles = [...store.devices.values()].map(({ trouble }) => trouble);
  const printed = inspect([said, errors, stored, troubles, vapid, seal, [...store.secrets]], {
    depth: 9,
    showHidden: true,
  });
  expect(said.some(({ type }) => type === "failed")).toBe(true);
  for (const one of secrets) expect(printed).not.toContain(one);
});
