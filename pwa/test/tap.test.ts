import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, type CDPSession, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { PATIENCE, eventually, ServerProcess } from "../../api/test/server-process.ts";
import { TestBrowser } from "../../api/src/notify/test-browser.ts";
import { TestReceiver } from "../../api/src/notify/test-receiver.ts";
import { rebased } from "./board-server.ts";
import { DesktopNotifications } from "./desktop-notifications.ts";
import { LAUNCH_ARGS, PHONE } from "./watcher.ts";

const POLL = { timeout: 5_000 * PATIENCE };

/**
 * Clicks as the browser gets them from a desktop, so that what it lets a worker do after a tap counts as well. In a profile of its own: a browser
 * does not find a private one again for a click.
 */
describe("a tap on a notification [S31, B17]", () => {
  let missing = "";
  let desktop: DesktopNotifications | null = null;
  let folder: string;
  let pushService: TestReceiver;
  let server: ServerProcess;
  let key: string;
  let context: BrowserContext;
  let page: Page;
  let cdp: CDPSession;
  let registrationId = "";
  let client: ReturnType<ServerProcess["client"]>;
  const keys = new TestBrowser();
  beforeEach(({ skip }) => skip(missing !== "", missing));
  beforeAll(async () => {
    const executablePath = inject("browserPath");
    if (executablePath === null) missing = "no browser was found here";
    else desktop = await DesktopNotifications.start();
    if (missing === "" && desktop === null) missing = "no dbus-daemon was found here";
    if (executablePath === null || desktop === null) return;
    pushService = await TestReceiver.start("https");
    folder = await mkdtemp(path.join(tmpdir(), "batchwatch-tap-"));
    await writeFile(path.join(folder, "ca.pem"), pushService.ca);
    server = await ServerProcess.start({
      BATCHWATCH_PUSH_ALLOWED_HOSTS: `localhost:${pushService.port}`,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    });
    key = await server.source("night", "native", "--paging");
    client = server.client(await server.token("Duty Operator"));
    await server.ready();
    context = await chromium.launchPersistentContext(path.join(folder, "profile"), {
      executablePath,
      headless: true,
      args: [...LAUNCH_ARGS],
      viewport: PHONE,
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: desktop.address },
    });
    await context.grantPermissions(["notifications"], { origin: server.url });
    [page] = context.pages() as [Page];
    const { link } = await server.command("user", "link", "--name", "Duty Operator");
    await page.goto(rebased(link, server.url));
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    cdp = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const [one] = registrations;
        if (one !== undefined) resolve(one.registrationId);
      });
    });
    await cdp.send("ServiceWorker.enable");
    registrationId = await registered;
    await client.trpc.push.subscribe.mutate({
      endpoint: `https://localhost:${pushService.port}/push`,
      p256dh: keys.p256dh,
      auth: keys.auth,
      label: "Chrome on Android",
    });
    const permission = await page.evaluate(() => Notification.permission);
    if (permission !== "granted") missing = "this browser shows no notifications here";
  }, 120_000);
  afterAll(async () => {
    client?.close();
    await context?.close();
    await desktop?.stop();
    await server?.remove();
    await pushService?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** A run fails, and its page is on the lock screen. */
  async function paged(job: string): Promise<string> {
    const run = { job: { name: job }, run: { id: "1" }, at: new Date().toISOString() };
    const facts = [
      { ...run, kind: "started" },
      { ...run, kind: "failed" },
    ];
    await server.post("/api/v1/observations", key, JSON.stringify(facts));
    const data = await eventually(
      () => pushService.taken.map(({ body }) => keys.read(body)).find((one) => one.includes(job)),
      (one) => one !== undefined,
    );
    const { origin } = new URL(server.url);
    const push = { origin, registrationId, data: data ?? "" };
    await cdp.send("ServiceWorker.deliverPushMessage", push);
    await expect
      .poll(() => [...(desktop?.shown.values() ?? [])].map(({ title }) => title), POLL)
      .toContain(`FAILED ${job}`);
    return JSON.parse(data ?? "").batchwatch.incidentId as string;
  }

  const paths = (): readonly string[] => context.pages().map((one) => new URL(one.url()).pathname);

  it("leads one window to the incident; the other stays where it is, and no third is opened", async () => {
    const incidentId = await paged("GL extract");
    const other = await context.newPage();
    await other.goto(`${server.url}/jobs`);
    await other.getByRole("heading", { name: "Jobs" }).first().waitFor();
    await page.goto(server.url);
    desktop?.click("FAILED GL extract");
    await expect.poll(paths, POLL).toContain(`/incidents/${incidentId}`);
    expect(paths()).toHaveLength(2);
    expect(paths().filter((one) => one === `/incidents/${incidentId}`)).toHaveLength(1);
    await expect
      .poll(async () => (await client.trpc.incidents.get.query({ incidentId })).deliveries[0], POLL)
      .toMatchObject({ seenAt: expect.any(String) });
    await other.close();
  });

  it("acknowledges by its button with no window of ours open, and opens one when it is tapped after that", async () => {
    const incidentId = await paged("Ledger load");
    await page.goto("about:blank");
    desktop?.click("FAILED Ledger load", "Acknowledge");
    const titles = () => [...(desktop?.shown.values() ?? [])].map(({ title }) => title);
    await expect.poll(titles, POLL).toContain("Acknowledged");
    const view = await client.trpc.incidents.get.query({ incidentId });
    expect(view.acknowledgedBy?.name).toBe("Duty Operator");
    expect(paths()).toEqual(["blank"]);
    desktop?.click("Acknowledged");
    await expect.poll(paths, POLL).toContain(`/incidents/${incidentId}`);
  });
});
