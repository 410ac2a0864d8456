import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PATIENCE } from "../../api/test/server-process.ts";
import { BoardServer } from "./board-server.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

const PASSWORD = "four unrelated plain words";
/** A session that ended shows nothing more after this, ms. */
const DEAD_MS = 1_000;

describe("sessions of a person in browsers", () => {
  let server: BoardServer;
  let browser: Browser | null = null;
  let desk: Watcher;
  let phone: Watcher;
  /** When the phone's newest socket was closed, epoch milliseconds. */
  let closedAt = 0;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    desk = await Watcher.signIn(browser, server.process.signInLink);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("a password is set where somebody is signed in, and signs in on a phone", async () => {
    const { page } = desk;
    await page.getByRole("link", { name: "More" }).click();
    await page.getByRole("link", { name: /^You/ }).click();
    await page.getByText("This browser").waitFor();
    await page.getByRole("button", { name: "Set a password" }).click();
    await page.getByLabel("New password").fill("too short");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/use at least 12/).waitFor();
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It is set.").waitFor();

    phone = await Watcher.open(browser, server.process.url, { viewport: PHONE, hasTouch: true });
    phone.page.on("websocket", (socket) => {
      socket.on("close", () => {
        closedAt = Date.now();
      });
    });
    const { page: small } = phone;
    await small.getByRole("heading", { name: "Signed out" }).waitFor();
    await small.getByLabel("Name", { exact: true }).fill("operations");
    await small.getByLabel("Password", { exact: true }).fill("not the password");
    await small.getByRole("button", { name: "Sign in", exact: true }).click();
    await small.getByText("Name and password do not belong together.").waitFor();
    expect(await phone.sidewaysPx()).toBe(0);
    await small.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await small.keyboard.press("Enter");
    await phone.untilLive();
    // Neither of them is anywhere that a script, another page or a history could read it from.
    const kept = await small.evaluate(() => [
      location.href,
      document.cookie,
      JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
    ]);
    expect(kept.join(" ")).not.toMatch(/eyJ|password|Bearer/i);
    const [cookie, ...others] = await phone.context.cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  });

  it("both are listed with the one that looks, and stay signed in over a reload", async () => {
    const { page } = desk;
    await page.reload();
    await page.getByRole("region", { name: "Signed in" }).getByRole("listitem").nth(1).waitFor();
    const texts = await page
      .getByRole("region", { name: "Signed in" })
      .getByRole("listitem")
      .allTextContents();
    expect(texts.filter((text) => text.includes("This browser"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("by password"))).toHaveLength(1);
    await phone.page.reload();
    await phone.untilLive();
  });

  it("signing out everywhere ends the other one's live board within a second, and it says so", async () => {
    const { page } = desk;
    await page.getByRole("button", { name: "Sign out everywhere…" }).click();
    const asked = page.waitForRequest(/me\.signOutEverywhere/);
    await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
    await asked;
    const askedAt = Date.now();
    await phone.page.getByRole("heading", { name: "Signed out" }).waitFor();
    const shownAt = Date.now();
    const [deadMs, shownMs] = [closedAt - askedAt, shownAt - askedAt];
    process.stdout.write(
      `signed out elsewhere: board dead after ${deadMs} ms, said after ${shownMs} ms\n`,
    );
    expect(closedAt).toBeGreaterThan(0);
    expect(deadMs).toBeLessThanOrEqual(DEAD_MS * PATIENCE);
    await server.tell("started", ["after-the-end"]);
    await page.getByRole("heading", { name: "Signed out" }).waitFor();
    for (const watcher of [desk, phone]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await watcher.page.getByText("after-the-end").count()).toBe(0);
    }
  });
});

/** Access tokens of four seconds, as if hours had passed. */
describe("a token that ends while somebody looks", () => {
  let server: BoardServer;
  let browser: Browser | null = null;
  let watcher: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start({
      BATCHWATCH_TEST_FAULTS: "1",
      BATCHWATCH_TEST_ACCESS_TOKEN_MS: "4000",
    });
    watcher = await Watcher.open(browser, "about:blank");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("is renewed, and the board goes on where it was: no snapshot, nothing lost, nothing moved", async () => {
    const { page } = watcher;
    const seen = { sockets: 0, snapshots: 0, renewals: 0, signIns: 0 };
    page.on("websocket", () => (seen.sockets += 1));
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes("dashboard.get")) seen.snapshots += 1;
      if (pathname === "/auth/refresh") seen.renewals += 1;
    });
    await page.goto(server.process.signInLink);
    await watcher.untilLive();
    await page
      .getByLabel(/^Filter/)
      .first()
      .fill("night");
    const words: string[] = [];
    await page.exposeFunction("said", (word: string) => words.push(word));
    await page.evaluate(() => {
      const { said } = globalThis as unknown as { said(word: string): void };
      const bar = document.querySelector(".connection");
      const tell = (): void => said(bar?.children[1]?.textContent ?? "");
      if (bar !== null)
        new MutationObserver(tell).observe(bar, {
          subtree: true,
          childList: true,
          characterData: true,
        });
    });
    const names: string[] = [];
    for (let round = 0; seen.sockets < 4; round += 1) {
      const name = `night-${round}`;
      names.push(name);
      // oxlint-disable no-await-in-loop -- over the life of several tokens
      await server.tell("started", [name]);
      await expect.poll(() => watcher.row("Active", name).count(), { timeout: 3_000 }).toBe(1);
      await page.waitForTimeout(500);
      // oxlint-enable no-await-in-loop
    }
    expect(seen.snapshots).toBe(1);
    expect(seen.renewals).toBeGreaterThanOrEqual(3);
    expect(await watcher.rows("Active").count()).toBe(names.length);
    expect(
      await page
        .getByLabel(/^Filter/)
        .first()
        .inputValue(),
    ).toBe("night");
    expect(watcher.documents).toBe(1);
    expect(words.filter((word) => /Offline|Reconnecting/.test(word))).toEqual([]);
    expect(await page.getByRole("heading", { name: "Signed out" }).count()).toBe(0);
  }, 90_000);
});
