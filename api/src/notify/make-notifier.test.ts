import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import type { SendOutcome } from "@batchwatch/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Seal } from "../auth/seal.ts";
import { NotifyingWorld, PATH_SECRET, toWebhook } from "./test-notifying.ts";
import { testNotification } from "./test-notifications.ts";

let world: NotifyingWorld;
beforeEach(async () => {
  world = await NotifyingWorld.start();
});
afterEach(() => world.stop());

describe("who is not known", () => {
  const nobody = { subscription: () => null, webhook: () => null };

  test("is looked for in the store before anybody is called gone", async () => {
    world.addDevice();
    world.addWebhook();
    const one = world.notifier({ known: nobody });
    expect(await one.send(testNotification())).toEqual({ type: "sent" });
    expect(await one.send(toWebhook())).toEqual({ type: "sent" });
    world.store.devices.clear();
    world.store.hooks.clear();
    expect((await one.send(testNotification())).type).toBe("gone");
    expect((await one.send(toWebhook())).type).toBe("gone");
  });

  test("is not called gone while the store is away, and who is known is told all the same", async () => {
    world.addDevice();
    world.store.away = true;
    expect((await world.notifier({ known: nobody }).send(testNotification())).type).toBe("failed");
    expect(world.errors).toHaveLength(1);
    expect((await world.notifier().send(testNotification())).type).toBe("sent");
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
  const stored = [...store.hooks.values()];
  const troubles = [...store.devices.values()].map(({ trouble }) => trouble);
  const printed = inspect([said, errors, stored, troubles, vapid, seal, [...store.secrets]], {
    depth: 9,
    showHidden: true,
  });
  expect(said.some(({ type }) => type === "failed")).toBe(true);
  for (const one of secrets) expect(printed).not.toContain(one);
});
