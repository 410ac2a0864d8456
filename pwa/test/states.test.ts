import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { boardWithEveryState, proposedJob, stalledRun } from "./every-state.ts";
import { fitsEveryScreen } from "./screens.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

type Changes = Readonly<Record<string, (data: object) => object>>;

/** Changes what these procedures answer, also where a page asks for several at once; all else stays as it came. */
async function alter(page: Page, changes: Changes): Promise<void> {
  const calledBy = (url: URL) =>
    url.pathname.startsWith("/trpc/") ? url.pathname.slice("/trpc/".length).split(",") : [];
  await page.route(
    (url) => calledBy(url).some((procedure) => procedure in changes),
    async (route) => {
      const response = await route.fetch();
      const answers = (await response.json()) as { result?: { data: object } }[];
      for (const [index, procedure] of calledBy(new URL(route.request().url())).entries()) {
        const result = answers[index]?.result;
        const change = changes[procedure];
        if (result !== undefined && change !== undefined) result.data = change(result.data);
      }
      await route.fulfill({ response, json: answers });
    },
  );
}

/**
 * The states that only time gives take hours to come about: here the server's answers are changed on
 * their way to the page, so that every state stands on one board.
 */
describe("every state in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  let runPath = "";
  let jobPath = "";
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink);
    await server.tell("started", ["gl-extract"]);
    await server.tell("started", ["gl-extract"], { stage: { name: "load" } });
    runPath = (await watcher.row("Active", "gl-extract").getAttribute("href")) ?? "";
    await watcher.row("Active", "gl-extract").click();
    const job = watcher.page.getByRole("heading", { level: 1 }).getByRole("link");
    jobPath = (await job.getAttribute("href")) ?? "";
    await alter(watcher.page, {
      "dashboard.get": boardWithEveryState,
      "jobs.get": proposedJob,
      "runs.get": stalledRun,
    });
  });
  afterAll(async () => {
    await watcher?.page.unrouteAll({ behavior: "ignoreErrors" });
    await browser?.close();
    await server?.process.remove();
  });

  it("is told by shape, word and evidence, and fits", async () => {
    const { page } = watcher;
    for (const [name, path, text] of [
      ["states", "/", /grace over/],
      ["job-proposal", jobPath, /^Seen 14 of 14 nights/],
      ["run-stalled", runPath, /First prove that the process is gone/],
    ] as const) {
      // oxlint-disable no-await-in-loop -- one page shows them one after the other
      await page.setViewportSize(PHONE);
      await page.goto(`${server.process.url}${path}`);
      await watcher.untilLive();
      await page.locator("main").getByText(text).first().waitFor();
      await fitsEveryScreen(watcher, name, "grave");
      // oxlint-enable no-await-in-loop
    }
    expect(watcher.troubles).toEqual([]);
  });

  it("is filtered by state:late, and an occurrence leads to its job by keyboard", async () => {
    const { page } = watcher;
    await page.goto(server.process.url);
    await watcher.untilLive();
    expect(await page.title()).toMatch(/^4 need you · 4 running · 2 late · 1 stalled · 2 unknown/);
    const words = await watcher
      .rows("Active")
      .evaluateAll((all) => all.map((row) => row.querySelector(".mark")?.textContent));
    expect(words.slice(0, 5)).toEqual(["STALLED", "LATE", "LATE", "UNKNOWN", "UNKNOWN"]);
    await page.keyboard.press("/");
    await page.keyboard.type("state:late");
    await expect.poll(() => watcher.rows("Active").count()).toBe(2);
    await expect.poll(() => watcher.rows("Needs you").count()).toBe(2);
    await watcher.row("Active", "Ledger load").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/jobs/ledger-load");
  });
});
