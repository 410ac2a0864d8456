import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, ServerProcess } from "../../api/test/server-process.ts";
import { metric } from "../../api/test/traffic.ts";
import { fitsEveryScreen } from "./screens.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

describe("the sample bank in a browser", () => {
  let server: ServerProcess;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  let pages: readonly (readonly [name: string, path: string])[] = [];
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await ServerProcess.start({}, ["--sample"]);
    watcher = await Watcher.signIn(browser, server.signInLink);
    await watcher.rows("Active").nth(2).waitFor();
    await watcher.rows("Recent completions").first().waitFor();
    const recent = watcher.rows("Recent completions");
    const [failed, succeeded] = [
      recent.filter({ hasText: "FAILED" }),
      recent.filter({ hasText: "SUCCEEDED" }),
    ];
    pages = [
      ["now", "/"],
      ["run-succeeded", (await succeeded.first().getAttribute("href")) ?? ""],
      ["run-failed", (await failed.first().getAttribute("href")) ?? ""],
    ];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  it("is usable by everyone and fits", async () => {
    for (const [name, path] of pages) {
      // oxlint-disable no-await-in-loop -- one page shows them one after the other
      await watcher.page.setViewportSize(PHONE);
      await watcher.page.goto(`${server.url}${path}`);
      await watcher.untilLive();
      await watcher.page.locator("main h1").waitFor();
      await fitsEveryScreen(watcher, name, "grave");
      // oxlint-enable no-await-in-loop
    }
    expect(watcher.troubles).toEqual([]);
  });

  it("tells the server once how long it took to show the board [S66]", async () => {
    const { page } = watcher;
    const told = (line: string) => metric(server, `monitoring_${line}`);
    const loads = async () =>
      (await told('dashboard_load_time_seconds_count{from="device"}')) ||
      (await told('dashboard_load_time_seconds_count{from="server"}')) ||
      0;
    const before = await loads();
    await page.goto(`${server.url}/`);
    await watcher.untilLive();
    await page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes("/vitals-")),
    );
    await eventually(
      async () => {
        // The page is left: its report goes now.
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        return loads();
      },
      (count) => count === before + 1,
    );
    expect(await told('web_vital_seconds_count{vital="ttfb"}')).toBeGreaterThan(0);
    expect(await told('web_vital_seconds_count{vital="lcp"}')).toBeGreaterThan(0);
    expect(watcher.troubles).toEqual([]);
  });
});
