import { createHash } from "node:crypto";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import webPush from "web-push";
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { AnsweringProxy } from "../answering-proxy.ts";
import { BoardServer, rebased } from "../board-server.ts";
import { socketOutcome } from "../socket-outcome.ts";
import { DESKTOP } from "../watcher.ts";
import { findFirefox } from "./find-firefox.ts";
import { PushService } from "./push-service.ts";

/** From the service's side until the browser's worker has shown it; what was kept for a while may take longer. */
const LATEST_MS = 30_000;

interface Told {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly label: string;
  readonly isPrivate: boolean;
}

const found = findFirefox();

/** A real browser, a real subscription, real encryption; only the push service in between is ours. */
describe("Firefox", () => {
  const keys = webPush.generateVAPIDKeys();
  let service: PushService;
  let proxy: AnsweringProxy;
  let server: BoardServer;
  let browser: Browser;
  let page: Page;
  beforeEach(({ skip }: TestContext) =>
    skip("missing" in found, "missing" in found ? found.missing : ""),
  );
  beforeAll(async () => {
    if ("missing" in found) return;
    service = await PushService.listen();
    proxy = await AnsweringProxy.listen();
    server = await BoardServer.start({ BATCHWATCH_ALLOWED_ORIGINS: proxy.url });
    proxy.leadTo(server.port);
    answerPush();
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: found.path,
      headless: true,
      defaultViewport: DESKTOP,
      extraPrefsFirefox: preferences(service.url),
    });
    page = await browser.newPage();
    await page.goto(rebased(server.process.signInLink, proxy.url));
    await page.waitForSelector("h1");
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.process.remove();
    await service?.close();
  });

  /** What the server keeps of a device, and says again. */
  function answerPush(): void {
    proxy.answers.set("push.publicKey", () => ({ data: { key: keys.publicKey } }));
    proxy.answers.set("push.receipt", () => ({ data: { counted: true } }));
    proxy.answers.set("push.unsubscribe", () => ({ data: { removed: true } }));
    proxy.answers.set("push.subscribe", (input) => ({ data: deviceOf(input as Told) }));
    proxy.answers.set("push.devices", () => ({
      data: told()
        .slice(-1)
        .map((one) => deviceOf(one)),
    }));
    proxy.answers.set("push.test", () => {
      const notificationId = "test-1";
      send({
        title: "Test",
        body: "It works.",
        navigate: `/more?n=${notificationId}`,
        tag: "test",
      });
      return { data: { notificationId } };
    });
  }

  function told(): readonly Told[] {
    return proxy.inputsOf("push.subscribe") as readonly Told[];
  }

  /** Encrypts as the server does, for the subscription that it was told of last. */
  function send(notification: object, more: object = {}): number {
    const subscription = told().at(-1);
    if (subscription === undefined) throw new Error("nothing is subscribed");
    const { endpoint, p256dh, auth } = subscription;
    const details = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify({ web_push: 8030, notification, mutable: true, ...more }),
      {
        contentEncoding: "aes128gcm",
        vapidDetails: { subject: "mailto:ops@batchwatch.example", ...keys },
      },
    );
    return service.deliver(endpoint, details.body);
  }

  it("lets our page open a socket to its own host and to no other", async () => {
    const own = proxy.url.replace("http", "ws");
    expect(await page.evaluate(socketOutcome, `${own}/trpc?connectionParams=1`)).toBe("open");
    const other = `ws://127.0.0.1:${server.port}/trpc`;
    expect(await page.evaluate(socketOutcome, other)).toBe("refused");
  });

  it("is turned on by a tap, and the server is told its subscription", async () => {
    await page.goto(`${proxy.url}/more`);
    await page.locator('::-p-aria([name="Wake me on this phone"][role="button"])').click();
    await page.waitForSelector("::-p-text(This phone wakes you when you are paged)", {
      timeout: LATEST_MS,
    });
    expect(told()).toHaveLength(1);
    expect(told()[0]).toMatchObject({ label: "Firefox on Linux", isPrivate: false });
    expect(told()[0]?.p256dh).toMatch(/^[A-Za-z0-9_-]{87}$/);
    expect(told()[0]?.auth).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it("shows a test, and the page says how long it took", async () => {
    await page.locator('::-p-aria([name="Test"][role="button"])').click();
    await page.waitForSelector("::-p-text(Shown after)", { timeout: LATEST_MS });
    expect(proxy.inputsOf("push.receipt")).toContainEqual({
      notificationId: "test-1",
      kind: "shown",
    });
  });

  it("is woken while no page is open", async () => {
    await page.goto("about:blank");
    const sentAt = Date.now();
    const navigate = `${proxy.url}/incidents/i-1?n=n-1`;
    const notification = { title: "FAILED GL extract", body: "Settlement file missing", navigate };
    expect(send(notification, { batchwatch: CARD })).toBe(201);
    await expect
      .poll(() => proxy.inputsOf("push.receipt"), { timeout: LATEST_MS })
      .toContainEqual({ notificationId: "n-1", kind: "shown" });
    process.stdout.write(`push to receipt, no page open: ${Date.now() - sentAt} ms\n`);
    await expect.poll(() => service.acks.at(-1)?.code).toBe(100);
    await page.goto(`${proxy.url}/`);
    await page.waitForSelector("h1");
    const shown = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, tag }) => ({ title, tag }));
    });
    expect(shown).toContainEqual({ title: "FAILED GL extract", tag: "incident-i-1" });
  });

  it("gets what was sent while it had no connection", async () => {
    service.drop();
    const navigate = `${proxy.url}/incidents/i-2?n=n-2`;
    expect(send({ title: "STALLED Ledger load", body: "", navigate })).toBe(201);
    await expect
      .poll(() => proxy.inputsOf("push.receipt"), { timeout: LATEST_MS })
      .toContainEqual({ notificationId: "n-2", kind: "shown" });
  });

  it("subscribes anew by itself when the push service has forgotten it", async () => {
    const [old] = told().slice(-1);
    await page.goto("about:blank");
    service.forget();
    await expect
      .poll(() => told().at(-1)?.endpoint, { timeout: LATEST_MS })
      .not.toBe(old?.endpoint);
    expect(told().at(-1)).toMatchObject({ label: "Firefox on Linux", isPrivate: false });
    await expect
      .poll(() => proxy.inputsOf("push.unsubscribe"))
      .toContainEqual({ endpoint: old?.endpoint });
    const navigate = `${proxy.url}/incidents/i-3?n=n-3`;
    expect(send({ title: "FAILED Cards EOD", body: "", navigate })).toBe(201);
    await expect
      .poll(() => proxy.inputsOf("push.receipt"), { timeout: LATEST_MS })
      .toContainEqual({ notificationId: "n-3", kind: "shown" });
  });

  it("wakes nobody for its former owner once another person has signed in", async () => {
    const [last] = told().slice(-1);
    // The session is lost: nobody could tell the server that this browser changes hands.
    await page.deleteCookie(...(await page.cookies()));
    await server.process.command("user", "add", "--name", "another", "--role", "on-call");
    const { link } = await server.process.command("user", "link", "--name", "another");
    await page.goto(rebased(link, proxy.url));
    await page.waitForSelector("h1");
    await expect
      .poll(() => send({ title: "FAILED", navigate: "/" }), { timeout: LATEST_MS })
      .toBe(410);
    expect(told().at(-1)).toEqual(last);
    await page.goto(`${proxy.url}/more`);
    await page.locator('::-p-aria([name="Wake me on this phone"][role="button"])').click();
    await expect.poll(() => told().length, { timeout: LATEST_MS }).toBeGreaterThan(2);
    expect(told().at(-1)?.endpoint).not.toBe(last?.endpoint);
  });

  it("is woken no more once its owner has signed out", async () => {
    await page.goto(`${proxy.url}/more`);
    const [last] = told().slice(-1);
    await page.locator('::-p-aria([name="Sign out"][role="button"])').click();
    await page.waitForSelector('::-p-aria([name="Signed out"][role="heading"])');
    expect(proxy.inputsOf("push.unsubscribe")).toContainEqual({ endpoint: last?.endpoint });
    await expect
      .poll(() => send({ title: "FAILED", navigate: "/" }), { timeout: LATEST_MS })
      .toBe(410);
  });
});

function deviceOf({ endpoint, label, isPrivate }: Told): object {
  const endpointHash = createHash("sha256").update(endpoint).digest("hex");
  return {
    subscriptionId: "s-1",
    label,
    isPrivate,
    createdAt: "2026-11-11T00:00:00.000Z",
    lastSentAt: null,
    lastShownAt: null,
    trouble: null,
    endpointHash,
  };
}

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

const CARD = {
  incidentId: "i-1",
  version: 1,
  kind: "page",
  severity: "HIGH",
  title: "FAILED GL extract",
  body: "Settlement file missing",
  jobId: "gl-extract",
  jobName: "GL extract",
  executionId: null,
  cause: "FAILED",
  message: null,
  since: "2026-11-11T02:14:00.000Z",
  jobs: 1,
  firstStep: null,
  runbookUrl: null,
  acknowledgedBy: null,
  nextAt: null,
  nextPerson: null,
};
