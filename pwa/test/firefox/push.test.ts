import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { PATIENCE, ServerProcess } from "../../../api/test/server-process.ts";
import { rebased } from "../board-server.ts";
import { socketOutcome } from "../socket-outcome.ts";
import { DESKTOP } from "../watcher.ts";
import { findFirefox } from "./find-firefox.ts";
import { PushService } from "./push-service.ts";

/** From the service's side until the browser's worker has shown it; what was kept for a while may take longer, ms. */
const LATEST_MS = 30_000 * PATIENCE;
const POLL = { timeout: LATEST_MS };

const found = findFirefox();
type Client = ReturnType<ServerProcess["client"]>;

/** A real browser, a real subscription, a real server that encrypts for it; only the push service in between is ours. */
describe("Firefox", () => {
  let service: PushService;
  let folder: string;
  let server: ServerProcess;
  let key: string;
  let client: Client;
  let browser: Browser;
  let page: Page;
  beforeEach(({ skip }: TestContext) =>
    skip("missing" in found, "missing" in found ? found.missing : ""),
  );
  beforeAll(async () => {
    if ("missing" in found) return;
    service = await PushService.listen();
    folder = await mkdtemp(path.join(tmpdir(), "batchwatch-ca-"));
    await writeFile(path.join(folder, "ca.pem"), service.door.ca);
    server = await ServerProcess.start({
      BATCHWATCH_PUSH_ALLOWED_HOSTS: service.host,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    });
    key = await server.source("night", "native", "--paging");
    client = server.client(await server.token("Duty Operator"));
    await server.ready();
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: found.path,
      headless: true,
      defaultViewport: DESKTOP,
      extraPrefsFirefox: preferences(service.url),
    });
    page = await browser.newPage();
    await enter("Duty Operator");
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }, 120_000);
  afterAll(async () => {
    client?.close();
    await browser?.close();
    await server?.remove();
    await service?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function enter(name: string): Promise<void> {
    const { link } = await server.command("user", "link", "--name", name);
    await page.goto(rebased(link, server.url));
    await page.waitForSelector("h1");
  }

  async function turnOn(): Promise<void> {
    await page.goto(`${server.url}/more`);
    await page.locator('::-p-aria([name="Wake me on this phone"][role="button"])').click();
    await page.waitForSelector("::-p-text(This phone wakes you when you are paged)", {
      timeout: LATEST_MS,
    });
  }

  /** The one device that the server knows of this person. */
  async function device({ trpc }: Client = client) {
    const devices = await trpc.push.devices.query();
    expect(devices.length).toBeLessThanOrEqual(1);
    return devices[0];
  }

  /** A run fails, and its page goes out. Resolves with the incident. */
  async function fail(job: string): Promise<string> {
    const run = { job: { name: job }, run: { id: "1" }, at: new Date().toISOString() };
    const facts = [
      { ...run, kind: "started" },
      { ...run, kind: "failed", message: "Settlement file missing" },
    ];
    await server.post("/api/v1/observations", key, JSON.stringify(facts));
    let incidentId = "";
    await expect
      .poll(async () => {
        const { items } = await client.trpc.incidents.list.query({});
        incidentId = items.find(({ jobName }) => jobName === job)?.incidentId ?? "";
        return incidentId;
      }, POLL)
      .not.toBe("");
    return incidentId;
  }

  const firstDelivery = async (incidentId: string) =>
    (await client.trpc.incidents.get.query({ incidentId })).deliveries[0];

  it("lets our page open a socket to its own host and to no other", async () => {
    const own = server.url.replace("http", "ws");
    expect(await page.evaluate(socketOutcome, `${own}/trpc?connectionParams=1`)).toBe("open");
    expect(await page.evaluate(socketOutcome, service.url)).toBe("refused");
  });

  it("is turned on by a tap, and the server is told its subscription", async () => {
    await turnOn();
    expect(await device()).toMatchObject({ label: "Firefox on Linux", isPrivate: false });
  });

  it("shows a test that our server has encrypted, and the page says how long it took", async () => {
    await page.locator('::-p-aria([name="Test"][role="button"])').click();
    await page.waitForSelector("::-p-text(Shown after)", { timeout: LATEST_MS });
    const [posted] = service.door.taken;
    expect(posted?.headers).toMatchObject({ "content-encoding": "aes128gcm", urgency: "high" });
    expect(posted?.body.toString("latin1")).not.toContain("This device can be woken");
    await expect.poll(async () => (await device())?.lastShownAt, POLL).not.toBe(null);
  });

  it("is woken by a page while no page of ours is open", async () => {
    await page.goto("about:blank");
    const sentAt = Date.now();
    const incidentId = await fail("GL extract");
    await expect
      .poll(() => firstDelivery(incidentId), POLL)
      .toMatchObject({ state: "SENT", shownAt: expect.any(String) });
    process.stdout.write(`failure to receipt, no page open: ${Date.now() - sentAt} ms\n`);
    expect(service.acks.at(-1)?.code).toBe(100);
    const lengths = new Set(service.door.taken.map(({ body }) => body.length));
    // Test and page are equally long: the service learns nothing by that.
    expect(lengths.size).toBe(1);
    await page.goto(server.url);
    await page.waitForSelector("h1");
    const shown = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, tag }) => ({ title, tag }));
    });
    expect(shown).toContainEqual({
      title: "FAILED GL extract",
      tag: `incident-${incidentId}`,
    });
  });

  it("gets what was sent while it had no connection", async () => {
    service.drop();
    const incidentId = await fail("Ledger load");
    await expect
      .poll(() => firstDelivery(incidentId), POLL)
      .toMatchObject({ state: "SENT", shownAt: expect.any(String) });
  });

  it("subscribes anew by itself when the push service has forgotten it", async () => {
    const old = await device();
    await page.goto("about:blank");
    service.forget();
    await expect
      .poll(async () => {
        const now = await client.trpc.push.devices.query();
        return now.map(({ endpointHash, label }) => [endpointHash === old?.endpointHash, label]);
      }, POLL)
      .toEqual([[false, "Firefox on Linux"]]);
    const { subscriptionId = "" } = (await device()) ?? {};
    await client.trpc.push.test.mutate({ subscriptionId });
    await expect.poll(async () => (await device())?.lastShownAt, POLL).not.toBe(null);
  });

  it("wakes nobody for its former owner once another person has signed in", async () => {
    const { subscriptionId = "" } = (await device()) ?? {};
    // The session is lost: nobody could tell the server that this browser changes hands.
    await page.deleteCookie(...(await page.cookies()));
    const another = server.client(await server.token("Second Operator"));
    await enter("Second Operator");
    // The push service answers 410, and the server forgets the device.
    await expect
      .poll(async () => {
        await client.trpc.push.test.mutate({ subscriptionId }).catch(() => {});
        return device();
      }, POLL)
      .toBe(undefined);
    await turnOn();
    expect(await device(another)).toMatchObject({ label: "Firefox on Linux" });
    expect(await device()).toBe(undefined);
    another.close();
  });

  it("is woken no more once its owner has signed out", async () => {
    const { token = "" } = await server.command(
      ..."token create --ttl 1h --user".split(" "),
      "Second Operator",
    );
    const second = server.client(token);
    await expect.poll(() => second.trpc.push.devices.query().catch(() => []), POLL).toHaveLength(1);
    await page.locator('::-p-aria([name="Sign out"][role="button"])').click();
    await page.waitForSelector('::-p-aria([name="Signed out"][role="heading"])');
    await expect.poll(() => device(second), POLL).toBe(undefined);
    second.close();
  });
});

/** Its own push service, notifications without a person to allow them, and its own way of showing them. */
function preferences(pushUrl: string): Record<string, unknown> {
  return {
    "dom.push.serverURL": pushUrl,
    "dom.push.testing.allowInsecureServerURL": true,
    "dom.push.connection.enabled": true,
    "dom.push.testing.ignorePermission": true,
    "dom.push.loglevel": "off",
    "permissions.default.desktop-notification": 1,
    "notification.prompt.testing": true,
    "notification.prompt.testing.allow": true,
    "alerts.useSystemBackend": false,
  };
}
