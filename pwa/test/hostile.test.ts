import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

const IMAGE = "<img src=x onerror=alert(1)>";
const LONG = `long-${"w".repeat(490)}-tail`;
/** Reads `invoice-exe.csv` backwards from the override on, where it is obeyed. */
const REVERSED = "invoice-\u202Evsc.exe";
const MESSAGE = `"><script>alert(2)</script><svg onload=alert(3)> ${"m".repeat(300)}`;

describe("hostile names in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink, { viewport: PHONE });
    await server.tell("started", [IMAGE, LONG, REVERSED], { stage: { name: IMAGE } });
    await server.tell("failed", [`${IMAGE}-failed`, `${LONG}-failed`], { message: MESSAGE });
    await expect.poll(() => watcher.rows("Running").count()).toBe(3);
    await expect.poll(() => watcher.rows("Failed").count()).toBe(2);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("are text on the board", async () => {
    expect(await watcher.row("Running", IMAGE).count()).toBeGreaterThanOrEqual(1);
    expect(await watcher.row("Failed", MESSAGE.slice(0, 40)).count()).toBe(2);
    expect(await watcher.row("Running", "-tail").count()).toBe(1);
    expect(await watcher.page.locator("main img, main script").count()).toBe(0);
    expect(await watcher.page.locator("main").textContent()).not.toMatch(
      /[\u202A-\u202E\u2066-\u2069]/,
    );
    expect(await watcher.sidewaysPx()).toBe(0);
    expect(watcher.troubles).toEqual([]);
  });

  it("are text on the pages of runs and jobs", async () => {
    const runs = await watcher.page
      .locator("main a[href^='/runs/']")
      .evaluateAll((all) => all.map((row) => row.getAttribute("href") ?? ""));
    const paths = new Set([...runs, "/jobs"]);
    expect(paths.size).toBe(6);
    for (const path of paths) {
      // oxlint-disable no-await-in-loop -- one page shows them one after the other
      await watcher.page.goto(`${server.process.url}${path}`);
      await watcher.page.locator("main h1").waitFor();
      if (path === "/jobs") await watcher.page.getByText(IMAGE).first().waitFor();
      else await expect.poll(() => watcher.page.title()).toMatch(/RUNNING|FAILED/);
      expect(await watcher.page.locator("main img, main script").count(), path).toBe(0);
      expect(await watcher.sidewaysPx(), path).toBe(0);
      // oxlint-enable no-await-in-loop
    }
    expect(watcher.troubles).toEqual([]);
  });
});
