import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Phone } from "./phone.ts";
import { launch, needBrowser } from "./watcher.ts";

interface Kept {
  readonly commandId: string;
  readonly incidentId: string;
  readonly state: string;
  readonly attempts: number;
  readonly refusal: { readonly code: string } | null;
  readonly answer: { readonly outcome: string } | null;
}

/** A real page, its storage and its service worker, before a server that answers as the real one does by id. */
describe("an answer given without signal", () => {
  let browser: Browser | null = null;
  let phone: Phone;
  /** Ids that took effect, in order, each once: what a server does that knows ids. */
  const effects: string[] = [];
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    phone = await Phone.open(browser);
    await phone.worker();
  });
  beforeEach(async () => {
    await phone?.loadCommands();
    effects.length = 0;
    for (const name of ["acknowledge", "snooze", "comment", "takeOver", "resolve"]) {
      phone?.proxy.answers.set(`incidents.${name}`, (input) => {
        const { commandId, incidentId } = input as { commandId: string; incidentId: string };
        if (!effects.includes(commandId)) effects.push(commandId);
        return { data: { ...ANSWER, commandId, incidentId } };
      });
    }
  });
  afterEach(async () => {
    phone?.proxy.setAway(false);
    await phone?.context.setOffline(false);
  });
  afterAll(async () => {
    await phone?.close();
    await browser?.close();
  });

  const kept = async (): Promise<readonly Kept[]> =>
    ((await phone.kept("commands")) ?? []) as readonly Kept[];
  const keptOf = async (incidentId: string): Promise<readonly Kept[]> =>
    (await kept()).filter((command) => command.incidentId === incidentId);
  const states = async (incidentId: string): Promise<readonly string[]> =>
    (await keptOf(incidentId)).map(({ state }) => state);

  it("is kept over a reload, and sent once, in order, when there is signal again", async () => {
    await phone.context.setOffline(true);
    const made = [
      await phone.command("i-lift", { type: "acknowledge" }),
      await phone.command("i-lift", { type: "comment", text: "On my way" }),
      await phone.command("i-other", { type: "take-over" }),
    ];
    await expect.poll(() => states("i-lift")).toEqual(["waiting", "waiting"]);
    await phone.page.reload();
    await phone.watcher.connection.filter({ hasText: /^(Offline|Reconnecting)/ }).waitFor();
    expect(await states("i-lift")).toEqual(["waiting", "waiting"]);
    expect(effects).toEqual([]);

    await phone.context.setOffline(false);
    await expect
      .poll(() => states("i-lift"), { timeout: 20_000 })
      .toEqual(["answered", "answered"]);
    await expect.poll(() => states("i-other")).toEqual(["answered"]);
    const ids = made.map(({ commandId }) => commandId);
    expect([...effects].sort()).toEqual([...ids].sort());
    expect(effects.indexOf(ids[0] ?? "")).toBeLessThan(effects.indexOf(ids[1] ?? ""));
    const [first] = await keptOf("i-lift");
    expect(first?.answer).toMatchObject({ outcome: "done" });
    const sent = phone.proxy.inputsOf("incidents.comment");
    expect(sent.at(-1)).toMatchObject({ incidentId: "i-lift", text: "On my way" });
  });

  it("is sent again under its id when the server's answer was lost", async () => {
    let losses = 0;
    phone.proxy.answers.set("incidents.acknowledge", (input) => {
      const { commandId } = input as { commandId: string };
      if (!effects.includes(commandId)) effects.push(commandId);
      losses += 1;
      if (losses === 1) phone.proxy.setAway(true);
      return { data: { ...ANSWER, commandId } };
    });
    const { commandId } = await phone.command("i-lost", { type: "acknowledge" });
    await expect.poll(() => losses).toBe(1);
    await expect.poll(() => states("i-lost")).toEqual(["waiting"]);
    phone.proxy.setAway(false);
    await expect.poll(() => states("i-lost"), { timeout: 30_000 }).toEqual(["answered"]);
    expect(effects).toEqual([commandId]);
    const ids = phone.proxy.inputsOf("incidents.acknowledge").map((one) => (one as Kept).commandId);
    expect(new Set(ids.slice(-losses))).toEqual(new Set([commandId]));
  });

  it("waits while the store is away, ends with the server's words when it is refused", async () => {
    let calls = 0;
    phone.proxy.answers.set("incidents.resolve", () => {
      calls += 1;
      if (calls === 1)
        return { status: 503, error: { message: "", data: { code: "SERVICE_UNAVAILABLE" } } };
      const data = { code: "NOT_FOUND", httpStatus: 404 };
      return { status: 404, error: { message: "No such incident.", data } };
    });
    await phone.command("i-gone", { type: "resolve", reason: "Ended by hand" });
    await expect.poll(() => states("i-gone"), { timeout: 20_000 }).toEqual(["refused"]);
    expect(calls).toBe(2);
    const [command] = await keptOf("i-gone");
    expect(command?.refusal).toEqual({ code: "NOT_FOUND", message: "No such incident." });
  });

  it("is sent by one of two tabs", async () => {
    const second = await phone.context.newPage();
    await second.goto(`${phone.proxy.url}/`);
    await second.getByRole("heading", { level: 1 }).waitFor();
    await phone.context.setOffline(true);
    for (let index = 0; index < 5; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await phone.command(`i-tabs-${index}`, { type: "acknowledge" });
    }
    const before = phone.proxy.inputsOf("incidents.acknowledge").length;
    await phone.context.setOffline(false);
    await expect
      .poll(
        async () =>
          (await kept()).filter(({ state }) => state !== "answered" && state !== "refused"),
        {
          timeout: 20_000,
        },
      )
      .toEqual([]);
    expect(phone.proxy.inputsOf("incidents.acknowledge").length - before).toBe(5);
    expect(effects).toHaveLength(5);
    await second.close();
  });

  it("waits for its owner when nobody is signed in any more, and says so", async () => {
    const { context, page, proxy, server } = phone;
    proxy.answers.set("incidents.acknowledge", () => ({
      status: 401,
      error: { message: "Sign in.", data: { code: "UNAUTHORIZED", httpStatus: 401 } },
    }));
    await phone.command("i-out", { type: "acknowledge" });
    await expect
      .poll(async () => (await keptOf("i-out"))[0])
      .toMatchObject({ state: "waiting", refusal: { code: "UNAUTHORIZED" } });
    const cookies = await context.cookies();
    await context.clearCookies();
    await page.reload();
    await page.getByRole("heading", { name: "Signed out" }).waitFor();
    // What was shown is gone from the device, what was done is not.
    await expect.poll(() => phone.kept("board")).toBeUndefined();
    expect(await states("i-out")).toEqual(["waiting"]);
    const tried = proxy.inputsOf("incidents.acknowledge").length;
    await page.reload();
    await page.getByRole("heading", { name: "Signed out" }).waitFor();
    expect(proxy.inputsOf("incidents.acknowledge")).toHaveLength(tried);

    proxy.answers.set("incidents.acknowledge", (input) => ({
      data: { ...ANSWER, ...(input as object) },
    }));
    const url = new URL(await server.link());
    await page.goto(`${proxy.url}${url.pathname}${url.hash}`);
    await phone.watcher.untilLive();
    await expect.poll(() => states("i-out"), { timeout: 20_000 }).toEqual(["answered"]);
    expect(cookies.length).toBeGreaterThan(0);
  });
});

const ANSWER = {
  outcome: "done",
  state: "ACKNOWLEDGED",
  version: 2,
  acknowledgedBy: { userId: "u", name: "Duty Operator" },
  acknowledgedAt: "2026-11-11T03:00:00.000Z",
  resolvedAt: null,
} as const;
