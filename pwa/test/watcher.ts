import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { inject, type TestContext } from "vitest";
import { countPages } from "./browser-coverage.ts";

export const PHONE = { width: 360, height: 740 } as const;
export const DESKTOP = { width: 1_440, height: 900 } as const;

/** Needed where the tests run as root in a container. */
export const LAUNCH_ARGS: readonly string[] = ["--no-sandbox", "--no-zygote"];
let missing = "no browser was launched";

/** For `beforeEach`: skips the test with the reason when no browser can be started here. */
export function needBrowser({ skip }: TestContext): void {
  skip(missing !== "", missing);
}

/** For `beforeAll`. Null where no browser starts; {@link needBrowser} then skips every test. */
export async function launch(): Promise<Browser | null> {
  const executablePath = inject("browserPath");
  missing = "no browser was found here";
  if (executablePath === null) return null;
  try {
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      args: [...LAUNCH_ARGS],
    });
    missing = "";
    countPages(browser);
    return browser;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    missing = `the browser does not start: ${cause.split("\n")[0] ?? ""}`;
    return null;
  }
}

export interface View {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** Fingers instead of a mouse. */
  readonly hasTouch?: boolean;
}

/** One person in front of one screen, with a cookie jar of their own. Records what must never happen. */
export class Watcher {
  readonly page: Page;
  /** Dialogs, console errors, uncaught errors and CSP violations. */
  readonly troubles: string[] = [];
  /** Documents loaded; a change of the address inside the page is none. */
  documents = 0;

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(10_000);
    page.on("request", (request) => {
      if (request.isNavigationRequest()) this.documents += 1;
    });
    page.on("dialog", (dialog) => {
      this.troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => this.troubles.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") this.troubles.push(`console: ${message.text()}`);
    });
  }

  /** Opens an address in a browser profile of its own, whatever is there. */
  static async open(browser: Browser | null, url: string, view: View = {}): Promise<Watcher> {
    if (browser === null) throw new Error("There is no browser; needBrowser() skips such tests.");
    const context = await browser.newContext({
      viewport: view.viewport ?? DESKTOP,
      colorScheme: view.colorScheme ?? "light",
      reducedMotion: "reduce",
      ...(view.hasTouch === true && { hasTouch: true, isMobile: true }),
    });
    const watcher = new Watcher(await context.newPage());
    await watcher.page.goto(url);
    return watcher;
  }

  /** Opens a sign-in link and waits until the board is live. */
  static async signIn(browser: Browser | null, link: string, view: View = {}): Promise<Watcher> {
    const watcher = await Watcher.open(browser, link, view);
    await watcher.untilLive();
    return watcher;
  }

  /** Goes to another address as a link of the app does: within the document. */
  async follow(path: string): Promise<void> {
    await this.page.evaluate((to) => history.pushState(null, "", to), path);
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The word on the state of the connection, and its detail. */
  get connection(): Locator {
    return this.page.getByRole("status").filter({ hasText: CONNECTION });
  }

  async untilLive(withinMs = 15_000): Promise<void> {
    await this.connection.filter({ hasText: /^Live/ }).waitFor({ timeout: withinMs });
  }

  rows(section: Section): Locator {
    return this.page
      .getByRole("region", { name: new RegExp(`^${section}`) })
      .locator("a[data-row]");
  }

  row(section: Section, jobName: string): Locator {
    return this.rows(section).filter({ hasText: jobName });
  }

  /**
   * Epoch milliseconds at which the page first showed the job in the section, seen by the page itself.
   * Call before the cause, await after it.
   */
  appearance(section: Section, jobName: string): Promise<number> {
    return this.page.evaluate(
      ([title, name]) =>
        new Promise<number>((resolve) => {
          const isShown = (): boolean =>
            [...document.querySelectorAll("section")].some(
              (one) =>
                one.querySelector("h2")?.textContent.startsWith(title) === true &&
                [...one.querySelectorAll("a")].some((row) => row.textContent.includes(name)),
            );
          const observer = new MutationObserver(() => {
            if (!isShown()) return;
            observer.disconnect();
            resolve(Date.now());
          });
          observer.observe(document, { childList: true, subtree: true, characterData: true });
          if (isShown()) resolve(Date.now());
        }),
      [section, jobName] as const,
    );
  }

  /** How far the page can be scrolled sideways, CSS pixels. */
  sidewaysPx(): Promise<number> {
    return this.page.evaluate(() => {
      const root = document.scrollingElement ?? document.documentElement;
      return root.scrollWidth - root.clientWidth;
    });
  }
}

export type Section = "Active" | "Recent completions" | "Needs you";
const CONNECTION = /^(Live|Connecting|Catching up|Reconnecting|Offline)/;
