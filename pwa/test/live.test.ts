import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { launch, needBrowser, Watcher } from "./watcher.ts";

const LATEST_MS = 1_000;

describe("the board in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let first: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    first = await Watcher.signIn(browser, server.process.signInLink);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("is what the printed sign-in link opens, and keeps its code out of the address", async () => {
    await expect.poll(() => first.page.title()).toContain("Batchwatch");
    await first.page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(first.page.url())).toMatchObject({ pathname: "/", hash: "" });
    expect(first.documents).toBe(1);
    expect(first.troubles).toEqual([]);
  });

  it("shows a job within a second of its start, and moves it within a second of its end", async () => {
    const times: Record<string, number> = {};
    const steps = [
      ["started", "Active"],
      ["succeeded", "Recent completions"],
    ] as const;
    for (const [kind, section] of steps) {
      const shown = first.appearance(section, "eod-payments");
      const sentAt = Date.now();
      // oxlint-disable-next-line no-await-in-loop -- the end comes after the start
      await server.tell(kind, ["eod-payments"]);
      // oxlint-disable-next-line no-await-in-loop
      times[kind] = (await shown) - sentAt;
    }
    process.stdout.write(`event to row: ${JSON.stringify(times)} ms\n`);
    expect(times["started"]).toBeLessThanOrEqual(LATEST_MS);
    expect(times["succeeded"]).toBeLessThanOrEqual(LATEST_MS);
    expect(await first.row("Active", "eod-payments").count()).toBe(0);
    expect(await first.row("Recent completions", "eod-payments").count()).toBe(1);
    expect(first.documents).toBe(1);
  });

  it("shows the same rows to two people", async () => {
    await server.tell("started", ["two-a", "two-b", "two-c", "two-d"]);
    const second = await Watcher.signIn(browser, await server.link());
    await server.tell("succeeded", ["two-b"]);
    await server.tell("failed", ["two-c"], { message: "Table ACCOUNTS is locked" });
    await server.tell("started", ["two-e"]);
    const seen = (watcher: Watcher) =>
      Promise.all(
        (["Active", "Recent completions", "Needs you"] as const).map((section) =>
          watcher
            .rows(section)
            .evaluateAll((all) =>
              all.map(
                (row) =>
                  `${row.getAttribute("href")} ${row.querySelector(".mark, .chip")?.textContent}`,
              ),
            ),
        ),
      );
    for (const watcher of [first, second]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect.poll(() => watcher.row("Active", "two-e").count()).toBe(1);
    }
    const [one, two] = [await seen(first), await seen(second)];
    expect(two).toEqual(one);
    expect(one.map((rows) => rows.length)).toEqual([3, 3, 1]);
    await second.context.close();
  });
});
