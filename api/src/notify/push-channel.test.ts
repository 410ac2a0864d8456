import { createPublicKey, verify } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { topicOf } from "./links.ts";
import { TestBrowser } from "./test-browser.ts";
import { NotifyingWorld, toWebhook } from "./test-notifying.ts";
import { testNotification } from "./test-notifications.ts";

let world: NotifyingWorld;
beforeEach(async () => {
  world = await NotifyingWorld.start();
});
afterEach(() => world.stop());

describe("web push", () => {
  test("only this world.browser can read it; it is urgent, short-lived, and replaces an older one of its incident", async () => {
    world.addDevice();
    const notification = testNotification();
    expect(await world.notifier().send(notification)).toEqual({ type: "sent" });
    const [taken] = world.receiver.taken;
    expect(taken?.headers).toMatchObject({
      ttl: "3600",
      urgency: "high",
      topic: topicOf(notification),
      "content-encoding": "aes128gcm",
      "content-type": "application/octet-stream",
    });
    expect(topicOf(notification)).toMatch(/^[\w-]{32}$/);
    expect(topicOf(testNotification({ notificationId: "notification-2" }))).toBe(
      topicOf(notification),
    );
    const body = taken?.body ?? Buffer.alloc(0);
    expect(body.length).toBeLessThanOrEqual(4_096);
    const payload = JSON.parse(world.browser.read(body));
    expect(payload).toMatchObject({
      web_push: 8030,
      app_badge: 2,
      notification: { title: "FAILED Payments EOD", app_badge: "2", tag: topicOf(notification) },
      batchwatch: notification.card,
    });
    expect(() => new TestBrowser().read(body)).toThrow("authenticate");
    expect(world.store.devices.get("device-1")?.lastSentAt).toBeGreaterThan(0);
  });

  test("we are known by a token for this push service only, signed with the key that browsers subscribed with", async () => {
    world.addDevice();
    const one = world.notifier();
    await one.send(testNotification());
    await one.send(testNotification({ notificationId: "notification-2" }));
    const [first, second] = world.receiver.taken.map(({ headers }) =>
      String(headers.authorization),
    );
    expect(second).toBe(first);
    const [, token = "", key = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(first ?? "") ?? [];
    expect(key).toBe(world.vapid.publicKey);
    const [head = "", claims = "", signature = ""] = token.split(".");
    const point = Buffer.from(key, "base64url");
    const jwk = {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    };
    const isSigned = verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
    expect(isSigned).toBe(true);
    const said = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    expect(said).toMatchObject({
      aud: `https://localhost:${world.receiver.port}`,
      sub: "mailto:duty@bank.example",
    });
    expect(said.exp).toBeLessThanOrEqual(Date.now() / 1_000 + 86_400);
  });

  test.each([
    ["page", "3600", "high"],
    ["update", "3600", "normal"],
    ["reminder", "3600", "high"],
    ["recovered", "43200", "normal"],
    ["test", "60", "high"],
  ] as const)("%s lives %s s and is of %s urgency", async (kind, ttl, urgency) => {
    world.addDevice();
    await world.notifier().send(testNotification({ kind }));
    expect(world.receiver.taken[0]?.headers).toMatchObject({ ttl, urgency });
  });

  test("a private device gets no word of a job", async () => {
    world.addDevice({ isPrivate: true });
    await world.notifier().send(testNotification());
    const text = world.browser.read(world.receiver.taken[0]?.body ?? Buffer.alloc(0));
    expect(text).not.toMatch(/Payments|Settlement|settlement|FAILED/);
    expect(JSON.parse(text).notification.title).toBe("Batchwatch: CRITICAL, 1 incident");
  });

  test("a public and a private message are equally long on the wire", async () => {
    world.addDevice();
    await world.notifier().send(testNotification());
    world.addDevice({ isPrivate: true });
    await world.notifier().send(testNotification());
    const [one, other] = world.receiver.taken.map(({ body }) => body.length);
    expect(one).toBe(other);
  });

  test.each([404, 410])("%i: the device is gone", async (status) => {
    world.addDevice();
    world.answering(status);
    expect(await world.notifier().send(testNotification())).toMatchObject({ type: "gone" });
  });

  test.each([400, 401, 403])(
    "%i: refused, the device stays and says why, until it works again",
    async (status) => {
      world.addDevice();
      world.answering(status, 201);
      const one = world.notifier();
      const refused = await one.send(testNotification());
      expect(refused).toMatchObject({
        type: "refused",
        error: expect.stringContaining(`${status}`),
      });
      expect(world.store.devices.get("device-1")?.trouble).toBe(
        "error" in refused ? refused.error : "",
      );
      const later = world.notifier();
      expect(await later.send(testNotification())).toEqual({ type: "sent" });
      expect(world.store.devices.get("device-1")?.trouble).toBeNull();
    },
  );

  test("413: once shorter, then refused", async () => {
    world.addDevice();
    world.answering(413, 201);
    expect(await world.notifier().send(testNotification())).toEqual({ type: "sent" });
    const lengths = world.receiver.taken.map(({ body }) => body.length);
    expect(lengths[1]).toBeLessThan((lengths[0] ?? 0) / 2);
    const short = JSON.parse(world.browser.read(world.receiver.taken[1]?.body ?? Buffer.alloc(0)));
    expect(short.batchwatch.incidentId).toBe("incident-1");
    world.answering(413);
    expect(await world.notifier().send(testNotification())).toMatchObject({ type: "refused" });
    expect(world.receiver.taken).toHaveLength(4);
  });

  test.each([429, 500, 503])("%i: failed, with the wait that was asked for", async (status) => {
    world.addDevice();
    world.answering(status);
    expect(await world.notifier().send(testNotification())).toMatchObject({
      type: "failed",
      retryAfterMs: 3_000,
    });
    expect(world.store.devices.get("device-1")?.trouble).toBeNull();
  });

  test("an endpoint that is no push service is not called, however it came into the store", async () => {
    for (const endpoint of [
      "https://169.254.169.254/x",
      "https://hooks.bank.example/x",
      "nonsense",
    ]) {
      world.addDevice({ endpoint });
      expect(await world.notifier().send(testNotification())).toMatchObject({ type: "refused" });
    }
  });

  test("keys that are none are refused without repeating them", async () => {
    const p256dh = Buffer.alloc(65, 7).toString("base64url");
    world.addDevice({ p256dh });
    const outcome = await world.notifier().send(testNotification());
    expect(outcome).toMatchObject({ type: "refused", error: expect.stringContaining("subscribe") });
    expect(JSON.stringify(outcome)).not.toContain(p256dh);
  });

  test("without a contact Apple is not even asked, and the device says what to set; others are", async () => {
    world.vapid = await world.open(null);
    world.addDevice({ endpoint: "https://web.push.apple.com/QO5x" });
    expect(await world.notifier().send(testNotification())).toMatchObject({
      type: "refused",
      error: expect.stringContaining("BATCHWATCH_PUSH_SUBJECT"),
    });
    expect(world.store.devices.get("device-1")?.trouble).toContain("BATCHWATCH_PUSH_SUBJECT");
    world.addDevice();
    expect(await world.notifier().send(testNotification())).toEqual({ type: "sent" });
  });

  test("switched off it is refused in words, and webhooks go on", async () => {
    world.addDevice();
    world.addWebhook();
    const off = world.notifier({ vapid: { unavailable: "Web push is switched off." } });
    expect(await off.send(testNotification())).toEqual({
      type: "refused",
      error: "Web push is switched off.",
    });
    expect(await off.send(toWebhook())).toEqual({ type: "sent" });
  });
});
