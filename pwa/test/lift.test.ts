import type { Browser, CDPSession, Worker } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, type ServerProcess } from "../../api/test/server-process.ts";
import { rebased } from "./board-server.ts";
import { PushWorld, registrationOf } from "./push-world.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

/**
 * The whole way with nothing answered by a test: a run fails, the server encrypts a push for the phone's keys, the browser
 * delivers it to the real service worker, and it is acknowledged where there is no signal.
 */
describe("one page, acknowledged in the lift [S31, B17]", () => {
  let browser: Browser | null = null;
  let world: PushWorld;
  let server: ServerProcess;
  let phone: Watcher;
  let desk: Watcher;
  let cdp: CDPSession;
  let registrationId = "";
  let client: PushWorld["client"];
  let incidentId = "";
  let pushed = "";
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    world = await PushWorld.start();
    ({ server, client } = world);
    await server.command(
      "user",
      "add",
      "--name",
      "Second Operator",
      "--role",
      "operations-manager",
    );
    phone = await signedIn("Duty Operator", PHONE);
    desk = await signedIn("Second Operator");
    const { origin } = new URL(server.url);
    await phone.context.grantPermissions(["notifications", "background-sync"], { origin });
    await workerOf(phone);
    cdp = await phone.context.newCDPSession(phone.page);
    registrationId = await registrationOf(cdp);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function signedIn(name: string, viewport?: typeof PHONE): Promise<Watcher> {
    const { link } = await server.command("user", "link", "--name", name);
    const view = viewport === undefined ? {} : { viewport };
    return Watcher.signIn(browser, rebased(link, server.url), view);
  }

  it("wakes the phone with a message that only the phone can read", async () => {
    await world.subscribe({ isPrivate: false, zone: "Asia/Kolkata" });
    await world.fail("GL extract", "Settlement file missing");
    const [message] = await eventually(
      () => world.pushService.taken,
      (taken) => taken.length > 0,
    );
    const body = message?.body ?? Buffer.alloc(0);
    expect(body.toString("latin1")).not.toContain("GL extract");
    pushed = world.keys.read(body);
    incidentId = JSON.parse(pushed).batchwatch.incidentId;
    await cdp.send("ServiceWorker.deliverPushMessage", {
      origin: new URL(server.url).origin,
      registrationId,
      data: pushed,
    });
    // By the clock of the phone's owner.
    expect(JSON.parse(pushed).notification.body).toMatch(/^\d\d:\d\d (IST|GMT\+5:30) Settlement/);
  });

  it("shows it, and its owner's session says so", async ({ skip }) => {
    const worker = await workerOf(phone);
    const permission = await worker.evaluate(() => Notification.permission);
    skip(permission !== "granted", "this browser shows no notifications here");
    await expect.poll(() => worker.evaluate(titles)).toEqual(["FAILED GL extract"]);
    await expect
      .poll(async () => (await client.trpc.incidents.get.query({ incidentId })).deliveries[0])
      .toMatchObject({ state: "SENT", shownAt: expect.any(String) });
  });

  it("opens at the incident", async () => {
    await phone.page.goto(`${server.url}/incidents/${incidentId}`);
    await phone.page.getByRole("heading", { name: "GL extract" }).waitFor();
    await phone.page.getByText("Settlement file missing").first().waitFor();
  });

  it("is acknowledged without signal, survives a reload, and is sent once the signal is back", async () => {
    const { page } = phone;
    await phone.context.setOffline(true);
    await page.getByRole("button", { name: "Acknowledge" }).click();
    await page
      .getByText(/Not sent yet/)
      .first()
      .waitFor();
    // Nothing on the page calls it done.
    expect(await page.getByText(/Acknowledged/).allTextContents()).toEqual([]);
    const before = await client.trpc.incidents.get.query({ incidentId });
    expect(before.state).toBe("OPEN");
    await page.reload();
    await page.getByRole("heading", { name: "GL extract" }).waitFor();
    await page
      .getByText(/Not sent yet/)
      .first()
      .waitFor();
    await phone.context.setOffline(false);
    const after = await eventually(
      () => client.trpc.incidents.get.query({ incidentId }),
      (view) => view.state === "ACKNOWLEDGED",
      20_000,
    );
    expect(after.acknowledgedBy?.name).toBe("Duty Operator");
    expect(after.events.filter(({ kind }) => kind === "acknowledged")).toHaveLength(1);
    await expect.poll(() => page.getByText(/Not sent yet/).count(), { timeout: 15_000 }).toBe(0);
  }, 90_000);

  it("is seen by a second client as taken", async () => {
    await desk.page.getByText("Duty Operator has it").first().waitFor();
    expect(desk.troubles).toEqual([]);
  });
});

async function workerOf(watcher: Watcher): Promise<Worker> {
  const { page, context } = watcher;
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const isControlled = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
  if (!(await isControlled())) {
    await page.reload();
    await watcher.untilLive();
  }
  const [worker] = context.serviceWorkers();
  if (worker === undefined) throw new Error("there is no service worker");
  return worker;
}

/** In the service worker. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
}

async function titles(): Promise<readonly string[]> {
  const { registration } = globalThis as unknown as Scope;
  return (await registration.getNotifications()).map(({ title }) => title);
}
