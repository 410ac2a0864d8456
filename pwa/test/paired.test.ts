import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Worker } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TestBrowser } from "../../api/src/notify/test-browser.ts";
import { TestReceiver } from "../../api/src/notify/test-receiver.ts";
import { expireSessions } from "../../api/test/expire-sessions.ts";
import { eventually, ServerProcess } from "../../api/test/server-process.ts";
import { rebased } from "./board-server.ts";
import { readKept } from "./phone.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

/** Signed out, a paired phone still answers what was paged to its owner, and nothing else. */
describe("a paired phone whose session has ended [B17]", () => {
  let browser: Browser | null = null;
  let folder: string;
  let pushService: TestReceiver;
  let server: ServerProcess;
  let key: string;
  let phone: Watcher;
  let client: ReturnType<ServerProcess["client"]>;
  const keys = new TestBrowser();
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    pushService = await TestReceiver.start("https");
    folder = await mkdtemp(path.join(tmpdir(), "batchwatch-ca-"));
    await writeFile(path.join(folder, "ca.pem"), pushService.ca);
    server = await ServerProcess.start({
      BATCHWATCH_PUSH_ALLOWED_HOSTS: `localhost:${pushService.port}`,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    });
    key = await server.source("night", "native", "--paging");
    client = server.client(await server.token("Duty Operator"));
    await server.ready();
    const { link } = await server.command("user", "link", "--name", "Duty Operator");
    phone = await Watcher.signIn(browser, rebased(link, server.url), {
      viewport: PHONE,
      hasTouch: true,
    });
    await phone.context.grantPermissions(["notifications"], { origin: server.url });
    await client.trpc.push.subscribe.mutate({
      endpoint: `https://localhost:${pushService.port}/push`,
      p256dh: keys.p256dh,
      auth: keys.auth,
      label: "Chrome on Android",
      isPrivate: false,
    });
  }, 120_000);
  afterAll(async () => {
    client?.close();
    await browser?.close();
    await server?.remove();
    await pushService?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** A job fails, and its owner is paged. */
  async function page(
    job: string,
  ): Promise<{ readonly incidentId: string; readonly push: string }> {
    const at = new Date().toISOString();
    const run = { job: { name: job }, run: { id: "1" }, at };
    const facts = [
      { ...run, kind: "started" },
      { ...run, kind: "failed", message: "Settlement file missing" },
    ];
    await server.post("/api/v1/observations", key, JSON.stringify(facts));
    const push = await eventually(
      () => pushService.taken.map(({ body }) => keys.read(body)).find((one) => one.includes(job)),
      (one) => one !== undefined,
      20_000,
    );
    const { batchwatch } = JSON.parse(push ?? "") as { batchwatch: { incidentId: string } };
    return { incidentId: batchwatch.incidentId, push: push ?? "" };
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
    const { incidentId } = await page("GL extract");
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

  it("is woken in the session of its last sign-in, and no more when that is ended from elsewhere", async () => {
    const { page: screen } = phone;
    const endpoint = `https://localhost:${pushService.port}/push`;
    await screen.addInitScript(subscribed, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
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
