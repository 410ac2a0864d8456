import type { Browser, Worker } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { expireSessions } from "../../api/test/expire-sessions.ts";
import { eventually, type ServerProcess } from "../../api/test/server-process.ts";
import { rebased } from "./board-server.ts";
import { readKept } from "./phone.ts";
import { PushWorld } from "./push-world.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

interface Page {
  readonly incidentId: string;
  readonly push: string;
}

/** Signed out, a paired phone still answers what was paged to its owner, and nothing else. */
describe("a paired phone whose session has ended [B17]", () => {
  let browser: Browser | null = null;
  let world: PushWorld;
  let server: ServerProcess;
  let phone: Watcher;
  let client: PushWorld["client"];
  let first: Page;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    world = await PushWorld.start();
    ({ server, client } = world);
    const { link } = await server.command("user", "link", "--name", "Duty Operator");
    phone = await Watcher.signIn(browser, rebased(link, server.url), {
      viewport: PHONE,
      hasTouch: true,
    });
    await phone.context.grantPermissions(["notifications"], { origin: server.url });
    await world.subscribe({ isPrivate: false });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  /** A job fails, and its owner is paged. */
  async function page(job: string): Promise<Page> {
    await world.fail(job, "Settlement file missing");
    const push = await world.pushOf(job, 20_000);
    const { batchwatch } = JSON.parse(push) as { batchwatch: { incidentId: string } };
    return { incidentId: batchwatch.incidentId, push };
  }

  it("was given a key at sign-in, which no script can take out", async () => {
    const device = await eventually(
      () => phone.page.evaluate(readKept, "device"),
      (one) => one !== undefined,
    );
    expect(device).toMatchObject({ userId: expect.any(String), name: "Duty Operator" });
    const taken = await phone.page.evaluate(async () => {
      const opening = indexedDB.open("batchwatch");
      await new Promise((resolve) => opening.addEventListener("success", resolve));
      const reading = opening.result.transaction("kept").objectStore("kept").get("device");
      await new Promise((resolve) => reading.addEventListener("success", resolve));
      const { privateKey } = reading.result as { privateKey: CryptoKey };
      return crypto.subtle.exportKey("jwk", privateKey).then(
        () => "taken",
        (error: unknown) => (error as Error).name,
      );
    });
    expect(taken).toBe("InvalidAccessError");
  });

  it("answers its page on the screen, and shows nothing else", async () => {
    first = await page("GL extract");
    const { incidentId } = first;
    // The session ends by its time; had its owner ended it, the device would be paired no more.
    expireSessions(server);
    await phone.page.getByRole("heading", { name: "Signed out" }).waitFor();
    await phone.page.getByText("You can still answer what was paged to you.").waitFor();
    expect(await phone.page.getByText("GL extract").count()).toBe(0);

    await phone.page.goto(`${server.url}/incidents/${incidentId}`);
    await phone.page.getByText("Signed out. You can still answer what was paged to you.").waitFor();
    await phone.page.getByRole("heading", { name: "GL extract" }).waitFor();
    await phone.page.getByRole("button", { name: /^Acknowledge/ }).click();
    await phone.page.getByText(/^Sent \d\d:\d\d, escalation stopped/).waitFor();
    const view = await client.trpc.incidents.get.query({ incidentId });
    expect(view).toMatchObject({
      state: "ACKNOWLEDGED",
      acknowledgedBy: { name: "Duty Operator" },
    });
    expect(await phone.sidewaysPx()).toBe(0);

    await phone.page.goto(`${server.url}/jobs`);
    await phone.page.getByRole("heading", { name: "Signed out" }).waitFor();
  });

  it("answers from the notification, by the worker alone", async ({ skip }) => {
    const { incidentId, push } = await page("Ledger load");
    const worker = await workerOf(phone);
    const permission = await worker.evaluate(() => Notification.permission);
    skip(permission !== "granted", "this browser shows no notifications here");
    await phone.page.goto("about:blank");
    await worker.evaluate(show, push);
    await worker.evaluate(acknowledge);
    const view = await eventually(
      () => client.trpc.incidents.get.query({ incidentId }),
      (one) => one.state === "ACKNOWLEDGED",
      20_000,
    );
    expect(view.acknowledgedBy?.name).toBe("Duty Operator");
    // Whoever waits for its owner sees that it was shown, and tapped.
    await expect
      .poll(async () => (await client.trpc.incidents.get.query({ incidentId })).deliveries[0])
      .toMatchObject({ shownAt: expect.any(String), seenAt: expect.any(String) });
  });

  it("shows what was paged without signal, too, and sends the answer once it knows whose it is", async () => {
    const { incidentId, push } = first;
    const commandId = crypto.randomUUID();
    const { version } = await client.trpc.incidents.unacknowledge.mutate({ commandId, incidentId });
    const { page: screen, context } = phone;
    await screen.goto(server.url);
    await screen.getByRole("heading", { name: "Signed out" }).waitFor();
    await screen.evaluate(keepCard, { push, version });
    await context.setOffline(true);
    await screen.goto(`${server.url}/incidents/${incidentId}`);
    await screen.getByText("No connection. You can still answer what was paged to you.").waitFor();
    await screen.getByRole("heading", { name: "FAILED GL extract" }).waitFor();
    await screen.getByRole("button", { name: /^Acknowledge/ }).click();
    await screen
      .getByText(/^Not sent yet/)
      .first()
      .waitFor();
    await context.setOffline(false);
    const view = await eventually(
      () => client.trpc.incidents.get.query({ incidentId }),
      (one) => one.state === "ACKNOWLEDGED",
      20_000,
    );
    expect(view.acknowledgedBy?.name).toBe("Duty Operator");
    await screen.getByText("Signed out. You can still answer what was paged to you.").waitFor();
  }, 90_000);

  it("is woken in the session of its last sign-in, and no more when that is ended from elsewhere", async () => {
    const { page: screen } = phone;
    const endpoint = `https://localhost:${world.pushService.port}/push`;
    await screen.addInitScript(subscribed, {
      endpoint,
      p256dh: world.keys.p256dh,
      auth: world.keys.auth,
    });
    await screen.goto(server.url);
    await screen.evaluate(keepChoice, endpoint);
    // The server knows this endpoint, though from no session of this browser's.
    expect(await client.trpc.push.devices.query()).toHaveLength(1);
    const { link } = await server.command("user", "link", "--name", "Duty Operator");
    const told = screen.waitForResponse(/push\.subscribe/);
    await screen.goto(rebased(link, server.url));
    expect((await told).status()).toBe(200);
    await phone.untilLive();
    const { items } = await client.trpc.me.sessions.query();
    const newest = items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
    await client.trpc.me.endSession.mutate({ sessionId: newest?.sessionId ?? "" });
    await eventually(
      () => client.trpc.push.devices.query(),
      (devices) => devices.length === 0,
      5_000,
    );
  });
});

async function workerOf({ page, context }: Watcher): Promise<Worker> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const [worker] = context.serviceWorkers();
  if (worker === undefined) throw new Error("there is no service worker");
  return worker;
}

/** The following two run in the page: a browser that was allowed to show notifications and has this subscription. */
function subscribed(given: { endpoint: string; p256dh: string; auth: string }): void {
  const { endpoint, ...sent } = given;
  const subscription = { endpoint, toJSON: () => ({ endpoint, keys: sent }) };
  Object.defineProperty(Notification, "permission", { get: () => "granted" });
  PushManager.prototype.getSubscription = async () => subscription as unknown as PushSubscription;
}

async function keepChoice(toldEndpoint: string): Promise<void> {
  const opening = indexedDB.open("batchwatch");
  await new Promise((resolve) => opening.addEventListener("success", resolve));
  const writing = opening.result.transaction("kept", "readwrite");
  const choice = { label: "Chrome on Android", isPrivate: false, key: "AA", toldEndpoint };
  writing.objectStore("kept").put(choice, "push");
  await new Promise((resolve) => writing.addEventListener("complete", resolve));
  opening.result.close();
}

/** Runs in the page: what the service worker leaves of a push. */
async function keepCard({ push, version }: { push: string; version: number }): Promise<void> {
  const { notification, batchwatch } = JSON.parse(push) as {
    notification: { title: string; body: string };
    batchwatch: { incidentId: string };
  };
  const { incidentId } = batchwatch;
  const { title, body } = notification;
  const receivedAt = new Date().toISOString();
  const opening = indexedDB.open("batchwatch");
  await new Promise((resolve) => opening.addEventListener("success", resolve));
  const writing = opening.result.transaction("kept", "readwrite");
  const kept = { incidentId, version, title, body, card: batchwatch, receivedAt };
  writing.objectStore("kept").put([kept], "cards");
  await new Promise((resolve) => writing.addEventListener("complete", resolve));
  opening.result.close();
}

/** The following run in the service worker. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  dispatchEvent(event: Event): boolean;
}

/** As a push does. */
async function show(text: string): Promise<void> {
  const { dispatchEvent, PushEvent } = globalThis as unknown as Scope & {
    PushEvent: new (type: string, init: object) => Event;
  };
  const { registration } = globalThis as unknown as Scope;
  dispatchEvent.call(globalThis, new PushEvent("push", { data: text }));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    // oxlint-disable no-await-in-loop -- until it is shown
    if ((await registration.getNotifications()).length > 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    // oxlint-enable no-await-in-loop
  }
}

/** As a finger on the notification's button does. */
async function acknowledge(): Promise<void> {
  const scope = globalThis as unknown as Scope;
  const { NotificationEvent } = globalThis as unknown as {
    NotificationEvent: new (type: string, init: object) => Event;
  };
  const [notification] = await scope.registration.getNotifications();
  scope.dispatchEvent(
    new NotificationEvent("notificationclick", { notification, action: "acknowledge" }),
  );
}
