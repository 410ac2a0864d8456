import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";

/** Where a coverage run wants what processes ran; what pages ran lies beside it. */
const RAW = process.env["BATCHWATCH_TEST_COVERAGE"];

/** In a coverage run every page of this browser says at its end which of our scripts it ran; else nothing is changed. */
export function countPages(browser: Browser): void {
  if (RAW === undefined) return;
  const folder = join(RAW, "../pages");
  mkdirSync(folder, { recursive: true });
  const counted = new Set<Page>();
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      await page.coverage.startJSCoverage({ resetOnNavigation: false });
      counted.add(page);
      before(page, () => saved(page));
      return page;
    };
    before(context, async () => {
      for (const page of context.pages()) await saved(page);
    });
    return context;
  };
  before(browser, async () => {
    for (const page of counted) await saved(page);
  });

  async function saved(page: Page): Promise<void> {
    if (!counted.delete(page) || page.isClosed()) return;
    const entries = await page.coverage.stopJSCoverage().catch(() => []);
    const result = entries.flatMap(({ url, functions, scriptId }) => {
      const { pathname } = new URL(url);
      return pathname.startsWith("/assets/")
        ? [{ url: `page:${pathname.slice(1)}`, functions, scriptId }]
        : [];
    });
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify({ result }));
  }
}

function before(closed: { close(): Promise<void> }, first: () => Promise<void>): void {
  const close = closed.close.bind(closed);
  closed.close = async () => {
    await first();
    await close();
  };
}
