import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { answerHere, NIGHT } from "./made-answers.ts";
import { fitsEveryScreen } from "./screens.ts";
import { DESKTOP, launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

const PAGES = [
  ["incidents-now", "/", "Acknowledge all (4)"],
  ["incidents", "/incidents", "5 open · 4 nobody has"],
  ["incident", "/incidents/pay", "Last time"],
  ["incident-stalled", "/incidents/gl", "Last time"],
  ["sources", "/more/sources", "Only watched"],
  ["on-call", "/more/on-call", "no device: cannot be woken"],
  ["deliveries", "/more/deliveries", "Send again"],
] as const;

/** A night of which only the words are made here: the page, its frames and its rules are the real ones. */
describe("incidents in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  const calls: string[] = [];
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink);
    await answerHere(watcher.page, NIGHT, (path, input) => {
      const { incidentId } = input;
      calls.push(typeof incidentId === "string" ? `${path} ${incidentId}` : path);
    });
    await watcher.page.reload();
    await watcher.untilLive();
  });
  afterAll(async () => {
    await watcher?.page.unrouteAll({ behavior: "ignoreErrors" });
    await browser?.close();
    await server?.process.remove();
  });

  it.each(PAGES)("%s fits, and breaks no rule of accessibility", async (name, path, text) => {
    const { page } = watcher;
    await page.setViewportSize(PHONE);
    await watcher.follow(path);
    await page.locator("main").getByText(text).first().waitFor();
    await fitsEveryScreen(watcher, name);
  });

  it("the first incident can be acknowledged with a thumb: 48 px high, on the first screen", async () => {
    const { page } = watcher;
    await page.setViewportSize(PHONE);
    for (const path of ["/", "/incidents/pay"]) {
      // oxlint-disable no-await-in-loop -- one page shows them one after the other
      await page.goto(`${server.process.url}${path}`);
      const button = page.getByRole("button", { name: /^Acknowledge Payments/ });
      await button.waitFor();
      const box = await button.boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(48);
      expect((box?.y ?? Infinity) + 48).toBeLessThanOrEqual(PHONE.height - 64);
      // oxlint-enable no-await-in-loop
    }
  });

  it("by keyboard: j to it, a has it, and it can be undone", async () => {
    const { page } = watcher;
    await page.setViewportSize(DESKTOP);
    await page.goto(server.process.url);
    await page.getByRole("button", { name: /^Acknowledge Payments/ }).waitFor();
    calls.length = 0;
    const first = page.getByRole("link", { name: /^Payments end of day/ });
    await first.focus();
    await page.keyboard.press("a");
    await page.getByText(/^Sent \d\d:\d\d, escalation stopped\.$/).waitFor();
    // The undo of a double tap is none, so the page is given the time that a person takes.
    await page.waitForTimeout(600);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect
      .poll(() => calls.filter((call) => call.includes("acknowledge")))
      .toEqual(["incidents.acknowledge pay", "incidents.unacknowledge pay"]);
  });

  it("who was slower is told who has it", async () => {
    const { page } = watcher;
    await page.goto(`${server.process.url}/incidents/gl`);
    await page.getByRole("button", { name: "Acknowledge GL extract" }).click();
    await page
      .getByText(/^Night Operator acknowledged this at .*Your tap changed nothing\.$/)
      .waitFor();
    expect(await page.getByRole("button", { name: "Take over" }).count()).toBe(1);
  });
});
