import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

const IMAGE = "<img src=x onerror=alert(1)>";
const LONG = `long-${"w".repeat(490)}-tail`;
/** Shown as `invoice-exe.csv` where the override is obeyed. */
const REVERSED = "invoice-\u202Evsc.exe";
/** Letters that are read from right to left are ordinary letters, and may be in a name. */
const RIGHT_TO_LEFT = "invoice-\u05D0\u05D1\u05D2 (1)";
const ANY_NAME = /<img src=x|long-w|invoice-/;
const MESSAGE = `${REVERSED} "><script>alert(2)</script><svg onload=alert(3)> ${"m".repeat(300)}`;

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
    await server.tell("started", [IMAGE, LONG, RIGHT_TO_LEFT], { stage: { name: IMAGE } });
    await server.tell("failed", [`${IMAGE}-failed`, `${LONG}-failed`], { message: MESSAGE });
    await watcher.rows("Active").nth(2).waitFor();
    await watcher.rows("Needs you").nth(1).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("are refused at the door when they turn the reading direction round", async () => {
    await expect(server.tell("started", [REVERSED])).rejects.toThrow("invalid_name");
    expect(await watcher.row("Active", "vsc.exe").count()).toBe(0);
  });

  it("are text on the board", async () => {
    expect(await watcher.row("Active", IMAGE).count()).toBeGreaterThanOrEqual(1);
    const said = 'invoice-vsc.exe "><script>alert(2)</script>';
    expect(await watcher.page.getByRole("article").filter({ hasText: said }).count()).toBe(2);
    expect(await watcher.row("Active", "-tail").count()).toBe(1);
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
      await watcher.page.locator("main").getByText(ANY_NAME).first().waitFor();
      expect(await watcher.page.locator("main img, main script").count()).toBe(0);
      expect(await watcher.sidewaysPx()).toBe(0);
      // oxlint-enable no-await-in-loop
    }
    expect(watcher.troubles).toEqual([]);
  });
});
