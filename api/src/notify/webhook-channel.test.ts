import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AckTokens } from "../auth/ack-token.ts";
import { Seal } from "../auth/seal.ts";
import { API_LIMITS } from "../options.ts";
import { newWebhookSecret, signedHeaders } from "./standard-webhook.ts";
import { NotifyingWorld, PUBLIC_URL, toWebhook } from "./test-notifying.ts";
import { sealedWebhook } from "./webhook-channel.ts";

let world: NotifyingWorld;
beforeEach(async () => {
  world = await NotifyingWorld.start();
});
afterEach(() => world.stop());

describe("webhook", () => {
  test("is signed so that its world.receiver can verify it, with a stable id and links to look and to acknowledge", async () => {
    world.addWebhook();
    const notification = toWebhook();
    expect(await world.notifier().send(notification)).toEqual({ type: "sent" });
    const [taken] = world.receiver.taken;
    const headers = taken?.headers ?? {};
    const body = taken?.body ?? Buffer.alloc(0);
    const at = Number(headers["webhook-timestamp"]) * 1_000;
    expect(headers).toMatchObject(signedHeaders(world.secret, "notification-1", at, body));
    expect(Math.abs(Date.now() - at)).toBeLessThan(10_000);
    const { data, ...head } = JSON.parse(body.toString("utf8"));
    expect(head).toEqual({ type: "incident.page", timestamp: "2026-11-11T02:14:05.000Z" });
    const { link, ackUrl, notificationId, ...card } = data;
    expect(card).toEqual(notification.card);
    expect({ link, notificationId }).toEqual({
      link: `${PUBLIC_URL}/incidents/incident-1?n=notification-1`,
      notificationId: "notification-1",
    });
    const token = String(ackUrl).slice(`${PUBLIC_URL}/ack/`.length);
    expect(new AckTokens(world.seal).read(token, notification.createdAt)).toEqual({
      notificationId: "notification-1",
      incidentId: "incident-1",
      expiresAt: notification.createdAt + API_LIMITS.ackLinkMs,
      expired: false,
    });
  });

  test("sent again it is the same message", async () => {
    world.addWebhook();
    const one = world.notifier();
    await one.send(toWebhook());
    await one.send(toWebhook());
    const [first, second] = world.receiver.taken;
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
  });

  test.each([
    ["recovered", "incident.recovered", null],
    ["reminder", "incident.reminder", expect.any(String)],
  ] as const)("%s is %s", async (kind, type, ackUrl) => {
    world.addWebhook();
    await world.notifier().send(toWebhook({ kind }));
    const body = JSON.parse(world.receiver.taken[0]?.body.toString("utf8") ?? "");
    expect(body).toMatchObject({ type, data: { ackUrl } });
  });

  test("a test belongs to no incident", async () => {
    world.addWebhook();
    await world.notifier().send(toWebhook({ kind: "test", incidentId: null }));
    expect(JSON.parse(world.receiver.taken[0]?.body.toString("utf8") ?? "")).toMatchObject({
      type: "delivery.test",
      data: { ackUrl: null, link: `${PUBLIC_URL}/?n=notification-1` },
    });
  });

  test.each([
    [200, "sent"],
    [204, "sent"],
    [302, "refused"],
    [400, "refused"],
    [404, "refused"],
    [410, "refused"],
    [408, "failed"],
    [425, "failed"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("an answer of %i: %s", async (status, type) => {
    world.addWebhook();
    world.answering(status);
    const outcome = await world.notifier().send(toWebhook());
    expect(outcome.type).toBe(type);
    if (outcome.type === "failed") expect(outcome.retryAfterMs).toBe(3_000);
  });

  test("an address inside that nobody named is refused when it is called, too", async () => {
    world.addWebhook("https://127.0.0.1:1/x");
    expect(await world.notifier().send(toWebhook())).toMatchObject({
      type: "refused",
      error: expect.stringContaining("private"),
    });
  });

  test("its secret opens for no other webhook, and with no other key", async () => {
    world.addWebhook();
    const hook = world.store.hooks.get("hook-1");
    if (hook !== undefined) world.store.hooks.set("hook-2", { ...hook, webhookId: "hook-2" });
    const swapped = await world.notifier().send(toWebhook({ targetId: "hook-2" }));
    expect(swapped).toMatchObject({ type: "refused" });
    const other = await world.notifier({ seal: new Seal(randomBytes(32)) }).send(toWebhook());
    expect(other).toMatchObject({ error: expect.stringContaining("BATCHWATCH_SECRET_FILE") });
    expect(world.receiver.taken).toEqual([]);
  });

  test("what is sent next goes where it is called now, and is signed with the secret of now", async () => {
    world.addWebhook();
    const notifier = world.notifier();
    await notifier.send(toWebhook());
    const moved = `https://localhost:${world.receiver.port}/moved`;
    const secret = newWebhookSecret();
    const hook = world.store.hooks.get("hook-1");
    if (hook === undefined) throw new Error("There is no webhook.");
    world.store.hooks.set("hook-1", sealedWebhook(world.seal, hook, { url: moved, secret }));
    await notifier.send(toWebhook());
    const [first, second] = world.receiver.taken;
    const at = Number(second?.headers["webhook-timestamp"]) * 1_000;
    const signed = signedHeaders(secret, "notification-1", at, second?.body ?? Buffer.alloc(0));
    expect(second?.headers).toMatchObject(signed);
    expect(first?.path).toMatch(/^\/hooks\//);
    expect(second?.path).toBe("/moved");
  });

  test("one that was removed is gone", async () => {
    expect(await world.notifier().send(toWebhook())).toMatchObject({ type: "gone" });
  });
});
