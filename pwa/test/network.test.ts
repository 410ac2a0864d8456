import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer, rebased } from "./board-server.ts";
import { FaultProxy } from "./fault-proxy.ts";
import { launch, needBrowser, Watcher } from "./watcher.ts";

/** The page must not call data live that is older than this. */
const HONEST_MS = 10_000;
/** Detection, one refused attempt and the longest wait of the next ones. */
const RETURN_MS = 30_000;
const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, "0")}.`);

describe("the board on a bad network", () => {
  let proxy: FaultProxy;
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    proxy = await FaultProxy.listen();
    server = await BoardServer.start({ BATCHWATCH_ALLOWED_ORIGINS: proxy.url });
    proxy.leadTo(server.port);
    watcher = await Watcher.signIn(browser, rebased(server.process.signInLink, proxy.url));
  });
  beforeEach(async () => {
    proxy?.set("pass");
    await watcher?.untilLive(RETURN_MS);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    const shown = watcher.page.evaluate(() => `${location.href}\n${document.body.innerText}`);
    const late = new Promise<string>((resolve) => {
      setTimeout(resolve, 5_000, "the page does not answer");
    });
    console.error(`What the page showed: ${await Promise.race([shown.catch(String), late])}`);
  });
  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.process.remove();
  });

  /** Every job's number of rows, by section, read in one moment. */
  const rowCounts = (jobs: readonly string[]) =>
    watcher.page.evaluate((wanted) => {
      const texts = (section: string) =>
        [...document.querySelectorAll(`section.${section} a[href^='/runs/']`)].map(
          (row) => row.textContent,
        );
      const [running, recent] = [texts("o-running"), texts("o-recent")];
      const count = (rows: readonly string[], name: string) =>
        rows.filter((text) => text.includes(name)).length;
      return wanted.map((name) => `${name} ${count(running, name)} ${count(recent, name)}`);
    }, jobs);

  it("loses and repeats nothing that happened while the network was cut", async () => {
    const before = names("before", 5);
    const during = names("during", 40);
    const ended = [...before.slice(0, 3), ...during.slice(0, 15)];
    await server.tell("started", before);
    await expect.poll(() => rowCounts(before)).toEqual(before.map((name) => `${name} 1 0`));

    proxy.set("cut");
    await expect
      .poll(() => watcher.connection.textContent(), { timeout: HONEST_MS })
      .not.toMatch(/^Live/);
    for (const job of during) {
      // oxlint-disable-next-line no-await-in-loop -- forty requests, one after the other
      await server.tell("started", [job]);
    }
    await server.tell("succeeded", ended);
    proxy.set("pass");
    await server.tell("started", ["after-the-cut"]);

    const all = [...before, ...during, "after-the-cut"];
    const expected = all.map((name) => (ended.includes(name) ? `${name} 0 1` : `${name} 1 0`));
    await expect.poll(() => rowCounts(all), { timeout: RETURN_MS }).toEqual(expected);
    await watcher.untilLive(RETURN_MS);
    expect(await rowCounts(all)).toEqual(expected);
    expect(watcher.documents).toBe(1);
  });

  it("says within 10 s how old its data is when packets vanish, and recovers by itself", async () => {
    await server.tell("started", ["before-the-hole"]);
    await expect.poll(() => rowCounts(["before-the-hole"])).toEqual(["before-the-hole 1 0"]);
    proxy.set("blackhole");
    const since = Date.now();
    const during = names("hole", 10);
    await server.tell("started", during);
    await expect
      .poll(() => watcher.connection.textContent(), { timeout: HONEST_MS })
      .toMatch(/^(Reconnecting|Offline), as of \d\d:\d\d:\d\d$/);
    process.stdout.write(`silent network noticed after ${Date.now() - since} ms\n`);
    expect(Date.now() - since).toBeLessThanOrEqual(HONEST_MS);
    expect(await rowCounts(during)).toEqual(during.map((name) => `${name} 0 0`));
    expect(await rowCounts(["before-the-hole"])).toEqual(["before-the-hole 1 0"]);

    proxy.set("pass");
    await watcher.untilLive(RETURN_MS);
    await expect.poll(() => rowCounts(during)).toEqual(during.map((name) => `${name} 1 0`));
    expect(watcher.documents).toBe(1);
  });
});
