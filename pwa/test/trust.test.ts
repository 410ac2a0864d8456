import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { axeFaults } from "./accessibility.ts";
import { BoardServer } from "./board-server.ts";
import { answerHere } from "./made-answers.ts";
import { TRUST } from "./made-trust.ts";
import { FOLDER, SCREENS } from "./screens.ts";
import { DESKTOP, launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

/** Name, path, a text that is there at the end, and what is done before. */
const PAGES: readonly (readonly [string, string, string, ((page: Page) => Promise<void>)?])[] = [
  ["trust-now", "/", "without a second person"],
  ["more", "/more", "who did what, when"],
  ["approvals", "/more/approvals", "For you to decide"],
  ["approval", "/more/approvals/a", "What differs"],
  [
    "approve",
    "/more/approvals/a",
    "Approve this change?",
    (page) => page.getByRole("button", { name: "Approve…" }).click(),
  ],
  ["approval-own", "/more/approvals/b", "someone else must approve it"],
  ["approval-glass", "/more/approvals/c", "STANDS ALONE"],
  ["approval-rejected", "/more/approvals/d", "Not before month-end"],
  [
    "audit",
    "/more/audit",
    "Not whole",
    async (page) => {
      await page.getByRole("button", { name: "Check the record" }).click();
      await page.locator(".trail-record summary").nth(1).click();
    },
  ],
  ["audit-search", "/more/audit?action=break-glass&who=other", "Search: 2 set"],
  ["users", "/more/users", "never signed in"],
  ["you", "/more/you", "What is kept how long"],
  [
    "erase",
    "/more/you",
    "It cannot be undone",
    (page) => page.getByRole("button", { name: "Erase my data…" }).click(),
  ],
  ["source", "/more/sources/s", "Refused lately"],
  [
    "source-add",
    "/more/sources",
    "A second person reads it",
    (page) => page.getByRole("button", { name: "Add a source" }).click(),
  ],
];

/** Of which only the words are made here: the page, its frames and its rules are the real ones. */
describe("the screens of trust in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink);
    await answerHere(watcher.page, TRUST, () => {});
    if (FOLDER !== undefined) await mkdir(FOLDER, { recursive: true });
  });
  afterAll(async () => {
    await watcher?.page.unrouteAll({ behavior: "ignoreErrors" });
    await browser?.close();
    await server?.process.remove();
  });

  async function check(shown: Watcher, name: string, suffix: string): Promise<void> {
    const { page } = shown;
    if (FOLDER !== undefined) {
      await page.screenshot({ path: join(FOLDER, `${name}-${suffix}.png`), fullPage: true });
    }
    const found = await axeFaults(page, "any");
    expect({ name, found }).toEqual({ name, found: [] });
    expect({ name, sidewaysPx: await shown.sidewaysPx() }).toEqual({ name, sidewaysPx: 0 });
  }

  it.each(SCREENS)(
    "fit, and break no rule of accessibility: %s %s",
    async (device, scheme) => {
      const { page } = watcher;
      await page.setViewportSize(device === "phone" ? PHONE : DESKTOP);
      await page.emulateMedia({ colorScheme: scheme });
      for (const [name, path, text, before] of PAGES) {
        // oxlint-disable no-await-in-loop -- one page shows them one after the other
        await page.goto(`${server.process.url}${path}`);
        await watcher.untilLive();
        await before?.(page);
        await page.getByText(text).first().waitFor();
        await check(watcher, name, `${device}-${scheme}`);
        // oxlint-enable no-await-in-loop
      }
    },
    240_000,
  );

  it("are looked at by a check that finds what is wrong", async () => {
    const { page } = watcher;
    await page.goto(`${server.process.url}/more`);
    await watcher.untilLive();
    await page.evaluate(() => {
      const unnamed = document.createElement("button");
      const pale = document.createElement("p");
      pale.textContent = "Nobody can read this.";
      pale.style.cssText = "color: #eee; background: #fff";
      document.querySelector("main")?.append(unnamed, pale);
    });
    const faults = (await axeFaults(page, "grave")).join();
    expect(faults).toContain("button-name");
    expect(faults).toContain("color-contrast");
  });

  it.each(SCREENS)("the way in fits, too: %s %s", async (device, scheme) => {
    const viewport = device === "phone" ? PHONE : DESKTOP;
    const out = await Watcher.open(browser, "about:blank", { viewport, colorScheme: scheme });
    const { page } = out;
    await page.route("**/auth/methods", (route) =>
      route.fulfill({ json: { password: true, oidc: { name: "Example Bank" } } }),
    );
    await page.goto(`${server.process.url}/#problem=oidc_failed`);
    await page.getByText("I have a sign-in link").click();
    await page.getByText(/^The other sign-in did not work/).waitFor();
    await check(out, "sign-in", `${device}-${scheme}`);
    // By keyboard alone, from the top.
    await page.goto(`${server.process.url}/more`);
    await page.getByLabel("Name", { exact: true }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("operations");
    await page.keyboard.press("Tab");
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("Name and password do not belong together.").waitFor();
    await out.context.close();
  });

  it("break no policy of content", () => {
    expect(watcher.troubles).toEqual([]);
  });
});
