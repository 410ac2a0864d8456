import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { fitsEveryScreen } from "./screens.ts";
import { launch, needBrowser, Watcher } from "./watcher.ts";

describe("the settings of a job in a browser", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink);
    await server.tell("started", ["gl-extract"]);
    await watcher.row("Active", "gl-extract").click();
    await watcher.page.getByRole("heading", { level: 1 }).getByRole("link").click();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  const fact = (name: string) =>
    watcher.page.locator("dl.facts > div").filter({ hasText: name }).locator("dd");

  it("a bad schedule is refused at its field, a good one is shown in words and kept", async () => {
    const { page } = watcher;
    await page.getByRole("button", { name: "Set a schedule" }).click();
    await page.getByLabel("Due at").fill("0 2 * *");
    await page.getByLabel("Time zone").fill("Europe/Berlin");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => page.getByLabel("Due at").getAttribute("aria-invalid")).toBe("true");
    await page.getByText(/five: minute, hour, day of month/).waitFor();
    await fitsEveryScreen(watcher, "job-form", "grave");
    // The answer of a refused request is a line in the browser's console, and no trouble here.
    expect(watcher.troubles.filter((one) => !one.includes("400"))).toEqual([]);
    watcher.troubles.length = 0;

    await page.getByLabel("Due at").fill("0 2 * * 1-5");
    await page.getByText("At 02:00, Monday through Friday").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Change the schedule" }).waitFor();
    await page.reload();
    await expect.poll(() => fact("Due").textContent()).toBe("At 02:00, Monday through Friday");
    expect(await fact("Expression").textContent()).toBe("0 2 * * 1-5 in Europe/Berlin");
    expect(await fact("Next start").first().textContent()).toMatch(/ 02:00 Europe\/Berlin$/);
  });

  it("a clock is set in words, and who set it stands below", async () => {
    const { page } = watcher;
    await page.getByRole("button", { name: "Change the clocks" }).click();
    await page.getByLabel("Run budget").fill("1 h 30 min");
    await page.getByLabel("Start grace").fill("40 d");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Give a duration from 1 s to 31 d.").waitFor();
    watcher.troubles.length = 0;
    await page.getByLabel("Start grace").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => fact("Run budget").textContent()).toBe("1 h 30 min, set by a person");
    await page
      .getByRole("region", { name: /^Changes/ })
      .getByText(/^run budget/)
      .waitFor();
    await fitsEveryScreen(watcher, "job", "grave");
    expect(watcher.troubles).toEqual([]);
  });

  it("tier, first step and runbook are set, and what a retirement and a rename mean is said first", async () => {
    const { page } = watcher;
    await page.getByRole("button", { name: "Change what is set" }).click();
    await page.getByLabel("Tier").selectOption("1");
    await page.getByLabel("First step").fill("Call the ledger desk");
    await page.getByLabel("Runbook").fill("ftp://wiki.bank.example/gl");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/an address that begins with https/).waitFor();
    await fitsEveryScreen(watcher, "job-about-form", "grave");
    watcher.troubles.length = 0;
    await page.getByLabel("Runbook").fill("https://wiki.bank.example/gl");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Applied.").waitFor();
    await expect.poll(() => fact("Tier").textContent()).toBe("1, critical");
    await fitsEveryScreen(watcher, "job-about", "grave");

    await page.getByRole("button", { name: "Rename…" }).click();
    await page.getByText(/that cannot be taken back/).waitFor();
    await fitsEveryScreen(watcher, "job-rename", "grave");
    await page.getByLabel("New name").fill("gl-extract-v2");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("heading", { level: 1, name: "gl-extract-v2" }).waitFor();
    await page.getByRole("button", { name: "Retire…" }).click();
    await page.getByText(/nothing is expected of it/).waitFor();
    await fitsEveryScreen(watcher, "job-retire", "grave");
    await page.getByRole("dialog").getByRole("button", { name: "Retire" }).click();
    await expect.poll(() => fact("Lifecycle").textContent()).toBe("RETIRED");
    await page.getByRole("button", { name: "Take the retirement back…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take it back" }).click();
    await expect.poll(() => fact("Lifecycle").textContent()).not.toBe("RETIRED");
    await page.getByRole("link", { name: "Take it back" }).waitFor();
    expect(watcher.troubles).toEqual([]);
  });
});
