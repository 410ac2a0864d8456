import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";

/** Where a coverage run wants what processes ran; what pages ran lies beside it. */
const RAW = process.env["BATCHWATCH_TEST_COVERAGE"];

/** In a coverage run the pages of this browser say which of our scripts they ran, before each document goes; else nothing is changed. */
export function countPages(browser: Browser): void {
  if (RAW === undefined) return;
  const folder = join(RAW, "../pages");
  mkdirSync(folder, { recursive: true });
  const counted = new Map<Page, CDPSession>();
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      const session = await context.newCDPSession(page);
      counted.set(page, session);
      await session.send("Profiler.enable");
      await session.send("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
      // With its document a page forgets what it ran.
      before(page, "goto", () => save(session, folder));
      before(page, "reload", () => save(session, folder));
      before(page, "close", () => end(page));
      return page;
    };
    before(context, "close", async () => {
      for (const page of context.pages()) await end(page);
    });
    return context;
  };
  before(browser, "close", async () => {
    for (const page of counted.keys()) await end(page);
  });

  async function end(page: Page): Promise<void> {
    const session = counted.get(page);
    counted.delete(page);
    if (session !== undefined && !page.isClosed()) await save(session, folder);
  }
}

/** Straight from the profiler: Playwright's own coverage fetches the text of every script each time, which took as long as the tests. */
async function save(session: CDPSession, folder: string): Promise<void> {
  const taken = await session.send("Profiler.takePreciseCoverage").catch(() => null);
  const result = (taken?.result ?? []).flatMap(({ url, functions }) => {
    const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: "" };
    return pathname.startsWith("/assets/") ? [{ url: `page:${pathname.slice(1)}`, functions }] : [];
  });
  if (result.length === 0) return;
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify({ result }));
}

/** Does something before each call of this method. */
function before<Name extends string>(
  owner: Record<Name, (...args: never[]) => Promise<unknown>>,
  name: Name,
  first: () => Promise<void>,
): void {
  const method = owner[name].bind(owner);
  const counted = async (...args: never[]): Promise<unknown> => {
    await first();
    return method(...args);
  };
  Object.assign(owner, { [name]: counted });
}
