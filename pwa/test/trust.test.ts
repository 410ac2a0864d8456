import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { axeFaults } from "./accessibility.ts";
import { BoardServer } from "./board-server.ts";
import { answerHere } from "./made-answers.ts";
import { TRUST } from "./made-trust.ts";
import { fitsEveryScreen } from "./screens.ts";
import { DESKTOP, launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

interface Shown {
  readonly name: string;
  readonly path: string;
  /** There at the end. */
  readonly text: string;
  /** What is done before it is looked at. */
  readonly before?: (page: Page) => Promise<void>;
}

const PAGES: readonly Shown[] = [
  { name: "trust-now", path: "/", text: "without a second person" },
  { name: "more", path: "/more", text: "who did what, when" },
  { name: "approvals", path: "/more/approvals", text: "For you to decide" },
  { name: "approval", path: "/more/approvals/a", text: "What differs" },
  {
    name: "approve",
    path: "/more/approvals/a",
    text: "Approve this change?",
    before: (page) => page.getByRole("button", { name: "Approve…" }).click(),
  },
  { name: "approval-own", path: "/more/approvals/b", text: "someone else must approve it" },
  { name: "approval-glass", path: "/more/approvals/c", text: "STANDS ALONE" },
  { name: "approval-rejected", path: "/more/approvals/d", text: "Not before month-end" },
  {
    name: "audit",
    path: "/more/audit",
    text: "Not whole",
    before: async (page) => {
      await page.getByRole("button", { name: "Check the record" }).click();
      await page.locator(".trail-record summary").nth(1).click();
    },
  },
  { name: "audit-search", path: "/more/audit?action=break-glass&who=other", text: "Search: 2 set" },
  { name: "users", path: "/more/users", text: "never signed in" },
  { name: "you", path: "/more/you", text: "What is kept how long" },
  {
    name: "erase",
    path: "/more/you",
    text: "It cannot be undone",
    before: (page) => page.getByRole("button", { name: "Erase my data…" }).click(),
  },
  { name: "source", path: "/more/sources/s", text: "Refused lately" },
  {
    name: "source-add",
    path: "/more/sources",
    text: "A second person reads it",
    before: (page) => page.getByRole("button", { name: "Add a source" }).click(),
  },
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
    await watcher.page.reload();
    await watcher.untilLive();
  });
  afterAll(async () => {
    await watcher?.page.unrouteAll({ behavior: "ignoreErrors" });
    await browser?.close();
    await server?.process.remove();
  });

  it.each(PAGES)(
    "$name fits, and breaks no rule of accessibility",
    async ({ name, path, text, before }) => {
      const { page } = watcher;
      await page.setViewportSize(PHONE);
      await watcher.follow(path);
      await before?.(page);
      await page.getByText(text).first().waitFor();
      await fitsEveryScreen(watcher, name);
    },
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

  it("the way in fits, too, and goes by keyboard alone", async () => {
    const out = await Watcher.open(browser, "about:blank", { viewport: PHONE });
    const { page } = out;
    await page.route("**/auth/methods", (route) =>
      route.fulfill({ json: { password: true, oidc: { name: "Example Bank" } } }),
    );
    await page.goto(`${server.process.url}/#problem=oidc_failed`);
    await page.getByText("I have a sign-in link").click();
    await page.getByText(/^The other sign-in did not work/).waitFor();
    await fitsEveryScreen(out, "sign-in");
    for (const viewport of [PHONE, DESKTOP]) {
      // oxlint-disable no-await-in-loop -- one page shows them one after the other
      await page.setViewportSize(viewport);
      await page.goto(`${server.process.url}/more`);
      await page.getByLabel("Name", { exact: true }).waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.type("operations");
      await page.keyboard.press("Tab");
      await page.keyboard.type("wrong");
      await page.keyboard.press("Enter");
      await page.getByText("Name and password do not belong together.").waitFor();
      // oxlint-enable no-await-in-loop
    }
    await out.context.close();
  });

  it("break no policy of content", () => {
    expect(watcher.troubles).toEqual([]);
  });
});
