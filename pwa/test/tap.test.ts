import path from "node:path";
import { type BrowserContext, type CDPSession, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { PATIENCE, type ServerProcess } from "../../api/test/server-process.ts";
import { rebased } from "./board-server.ts";
import { DesktopNotifications } from "./desktop-notifications.ts";
import { PushWorld, registrationOf } from "./push-world.ts";
import { LAUNCH_ARGS, PHONE } from "./watcher.ts";

const POLL = { timeout: 5_000 * PATIENCE };

/**
 * Clicks as the browser gets them from a desktop, so that what it lets a worker do after a tap counts as well. In a profile of its own: a browser
 * does not find a private one again for a click.
 */
describe("a tap on a notification [S31, B17]", () => {
  let missing = "";
  let desktop: DesktopNotifications | null = null;
  let world: PushWorld;
  let server: ServerProcess;
  let context: BrowserContext;
  let page: Page;
  let cdp: CDPSession;
  let registrationId = "";
  let client: PushWorld["client"];
  beforeEach(({ skip }) => skip(missing !== "", missing));
  beforeAll(async () => {
    const executablePath = inject("browserPath");
    if (executablePath === null) missing = "no browser was found here";
    else desktop = await DesktopNotifications.start();
    if (missing === "" && desktop === null) missing = "no dbus-daemon was found here";
    if (executablePath === null || desktop === null) return;
    world = await PushWorld.start();
    ({ server, client } = world);
    context = await chromium.launchPersistentContext(path.join(world.folder, "profile"), {
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
    registrationId = await registrationOf(cdp);
    await world.subscribe();
    const permission = await page.evaluate(() => Notification.permission);
    if (permission !== "granted") missing = "this browser shows no notifications here";
  }, 120_000);
  afterAll(async () => {
    await context?.close();
    await desktop?.stop();
    await world?.stop();
  });

  /** A run fails, and its page is on the lock screen. */
  async function paged(job: string): Promise<string> {
    await world.fail(job);
    const data = await world.pushOf(job);
    const { origin } = new URL(server.url);
    const push = { origin, registrationId, data };
    await cdp.send("ServiceWorker.deliverPushMessage", push);
    await expect
      .poll(() => [...(desktop?.shown.values() ?? [])].map(({ title }) => title), POLL)
      .toContain(`FAILED ${job}`);
    return JSON.parse(data).batchwatch.incidentId as string;
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
