import type { Browser, CDPSession, Worker } from "playwright-core";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type TestContext,
} from "vitest";
import webPush from "web-push";
import { axeFaults } from "./accessibility.ts";
import { Phone, readKept } from "./phone.ts";
import { registrationOf } from "./push-world.ts";
import { launch, needBrowser } from "./watcher.ts";

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly actions: readonly string[];
}

/** The real service worker, given pushes by the browser's own tools; the push service is no part of this. */
describe("a push", () => {
  let browser: Browser | null = null;
  let phone: Phone;
  let worker: Worker;
  let cdp: CDPSession;
  let registrationId = "";
  let permission = "denied";
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    phone = await Phone.open(browser);
    await phone.context.grantPermissions(["notifications", "background-sync"], {
      origin: phone.proxy.url,
    });
    worker = await phone.worker();
    cdp = await phone.context.newCDPSession(phone.page);
    registrationId = await registrationOf(cdp);
    permission = await worker.evaluate(() => Notification.permission);
    phone.proxy.answers.set("push.receipt", () => ({ data: { counted: true } }));
  });
  afterEach(async () => {
    await phone?.context.setOffline(false);
    await worker?.evaluate(closeAll);
  });
  afterAll(async () => {
    await phone?.close();
    await browser?.close();
  });

  /** Skips by name where this browser shows no notifications at all. */
  const needPermission = ({ skip }: TestContext): void =>
    skip(permission !== "granted", "notifications cannot be allowed in this browser");
  const deliver = (data: string): Promise<unknown> =>
    cdp.send("ServiceWorker.deliverPushMessage", { origin: phone.proxy.url, registrationId, data });
  const shown = (): Promise<readonly Shown[]> => worker.evaluate(shownNow);
  const cards = async (): Promise<readonly { incidentId: string; version: number }[]> =>
    ((await worker.evaluate(readKept, "cards")) ?? []) as { incidentId: string; version: number }[];
  const push = (incidentId: string, version: number, title: string, more: object = {}): string =>
    JSON.stringify({
      web_push: 8030,
      notification: {
        title,
        body: "02:14 Settlement file missing. 3 wait.",
        navigate: `${phone.proxy.url}/incidents/${incidentId}?n=${incidentId}-${version}`,
        tag: `n-${version}`,
        ...more,
      },
      batchwatch: { ...CARD, incidentId, version, title },
    });

  it("is not promised where the push service cannot be reached: the phone says so in words", async (context) => {
    needPermission(context);
    const { page, proxy } = phone;
    const { publicKey } = webPush.generateVAPIDKeys();
    proxy.answers.set("push.publicKey", () => ({ data: { key: publicKey } }));
    await page.goto(`${proxy.url}/more`);
    await page.getByRole("button", { name: "Wake me on this phone" }).click();
    await page.getByText("push service did not answer").waitFor({ timeout: 30_000 });
    expect(proxy.inputsOf("push.subscribe")).toEqual([]);
    const grave = await axeFaults(page, "grave");
    expect(grave).toEqual([]);
    expect(await phone.watcher.sidewaysPx()).toBe(0);
  });

  it("keeps the incident's card for a look without a network", async () => {
    await deliver(push("i-card", 1, "FAILED GL extract"));
    await expect.poll(cards).toContainEqual(expect.objectContaining({ incidentId: "i-card" }));
  });

  it("is shown with its buttons, and the server is told that it was", async (context) => {
    needPermission(context);
    await deliver(push("i-1", 1, "FAILED GL extract"));
    await expect.poll(shown).toEqual([
      {
        title: "FAILED GL extract",
        body: "02:14 Settlement file missing. 3 wait.",
        tag: "incident-i-1",
        actions: ["acknowledge", "open"],
      },
    ]);
    await expect
      .poll(() => phone.proxy.inputsOf("push.receipt"))
      .toContainEqual({ notificationId: "i-1-1", kind: "shown" });
    await expect.poll(() => worker.evaluate(readKept, "receipts")).toEqual([]);
  });

  it("takes the place of an older one about its incident, and never of a newer one", async (context) => {
    needPermission(context);
    await deliver(push("i-2", 4, "FAILED GL extract"));
    await deliver(push("i-2", 6, "RECOVERED GL extract"));
    await expect
      .poll(async () => (await shown()).map(({ title }) => title))
      .toEqual(["RECOVERED GL extract"]);
    // Overtaken on its way.
    await deliver(push("i-2", 5, "ESCALATED TO YOU GL extract"));
    await expect
      .poll(() => phone.proxy.inputsOf("push.receipt"))
      .toContainEqual({ notificationId: "i-2-5", kind: "shown" });
    expect((await shown()).map(({ title }) => title)).toEqual(["RECOVERED GL extract"]);
    expect((await cards()).filter(({ incidentId }) => incidentId === "i-2")).toMatchObject([
      { version: 6 },
    ]);
  });

  it("shows something for a push that cannot be read, and hostile words as words", async (context) => {
    needPermission(context);
    await deliver("<html>");
    await expect
      .poll(async () => (await shown()).map(({ title }) => title))
      .toEqual(["Batchwatch"]);
    await worker.evaluate(closeAll);
    const title = "FAILED <img src=x onerror=alert(1)>\u202Etxe";
    await deliver(push("i-3", 1, title, { navigate: "https://evil.example/" }));
    await expect
      .poll(async () => (await shown()).map((one) => one.title))
      .toEqual(["FAILED <img src=x onerror=alert(1)> txe"]);
    expect(await worker.evaluate(pathsShown)).toEqual(["/incidents/i-3"]);
  });

  it("keeps a receipt that the server did not take, and sends it with the next", async (context) => {
    needPermission(context);
    phone.proxy.answers.set("push.receipt", () => ({ status: 503, error: {} }));
    await deliver(push("i-4", 1, "FAILED A"));
    await expect
      .poll(() => worker.evaluate(readKept, "receipts"))
      .toMatchObject([{ notificationId: "i-4-1" }]);
    phone.proxy.answers.set("push.receipt", () => ({ data: { counted: true } }));
    await deliver(push("i-5", 1, "FAILED B"));
    await expect
      .poll(() => phone.proxy.inputsOf("push.receipt"))
      .toContainEqual({ notificationId: "i-5-1", kind: "shown" });
    await expect.poll(() => worker.evaluate(readKept, "receipts")).toEqual([]);
    const tries = (phone.proxy.inputsOf("push.receipt") as { notificationId: string }[]).filter(
      ({ notificationId }) => notificationId === "i-4-1",
    );
    expect(tries.length).toBeGreaterThan(1);
  });

  it("is acknowledged by its button, and says so only once the server has", async (context) => {
    needPermission(context);
    phone.proxy.answers.set("incidents.acknowledge", (input) => ({
      data: { ...ANSWER, ...(input as object) },
    }));
    await deliver(push("i-6", 1, "FAILED GL extract"));
    await expect.poll(async () => (await shown()).length).toBe(1);
    await worker.evaluate(tap, "acknowledge");
    await expect.poll(shown).toMatchObject([
      {
        title: "Acknowledged",
        tag: "incident-i-6",
        body: expect.stringContaining("GL extract"),
        actions: [],
      },
    ]);
    const sent = phone.proxy.inputsOf("incidents.acknowledge").at(-1) as { commandId: string };
    expect(sent).toMatchObject({ incidentId: "i-6" });

    await worker.evaluate(closeAll);
    phone.proxy.answers.set("incidents.acknowledge", () => ({ status: 503, error: {} }));
    await deliver(push("i-7", 1, "FAILED Ledger load"));
    await expect.poll(async () => (await shown()).length).toBe(1);
    await worker.evaluate(tap, "acknowledge");
    await expect.poll(shown).toMatchObject([{ title: "Not sent yet", tag: "incident-i-7" }]);
    // The network is back: the browser wakes the worker, no page is needed.
    phone.proxy.answers.set("incidents.acknowledge", (input) => ({
      data: { ...ANSWER, outcome: "someone-has-it", ...(input as object) },
    }));
    await expect
      .poll(
        async () => {
          await cdp.send("ServiceWorker.dispatchSyncEvent", {
            origin: phone.proxy.url,
            registrationId,
            tag: "commands",
            lastChance: false,
          });
          return (await shown()).map(({ title }) => title);
        },
        { timeout: 20_000, interval: 500 },
      )
      .toEqual(["Duty Operator has it"]);
    const tries = phone.proxy.inputsOf("incidents.acknowledge") as {
      commandId: string;
      incidentId: string;
    }[];
    const ids = tries
      .filter(({ incidentId }) => incidentId === "i-7")
      .map(({ commandId }) => commandId);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
  });

  it("leads the open app to its incident, and the server hears that it was seen", async (context) => {
    needPermission(context);
    await deliver(push("i-8", 1, "FAILED GL extract"));
    await expect.poll(async () => (await shown()).length).toBe(1);
    await worker.evaluate(tap, "");
    await expect.poll(() => new URL(phone.page.url()).pathname).toBe("/incidents/i-8");
    await expect.poll(() => new URL(phone.page.url()).search).toBe("");
    await expect
      .poll(() => phone.proxy.inputsOf("push.receipt"))
      .toContainEqual({ notificationId: "i-8-1", kind: "seen" });
  });
});

/** The following run in the service worker. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  dispatchEvent(event: Event): boolean;
}

async function shownNow(): Promise<readonly Shown[]> {
  const { registration } = globalThis as unknown as Scope;
  return (await registration.getNotifications()).map((one) => {
    const { title, body, tag } = one;
    const { actions } = one as unknown as { actions: readonly { action: string }[] };
    return { title, body, tag, actions: actions.map(({ action }) => action) };
  });
}

async function pathsShown(): Promise<readonly string[]> {
  const { registration } = globalThis as unknown as Scope;
  return (await registration.getNotifications()).map(({ data }) => (data as { path: string }).path);
}

async function closeAll(): Promise<void> {
  const { registration } = globalThis as unknown as Scope;
  for (const one of await registration.getNotifications()) one.close();
}

/** As a finger does; a test has none. */
async function tap(action: string): Promise<void> {
  const scope = globalThis as unknown as Scope;
  const { NotificationEvent } = globalThis as unknown as {
    NotificationEvent: new (type: string, init: object) => Event;
  };
  const [notification] = await scope.registration.getNotifications();
  scope.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
}

const CARD = {
  kind: "page",
  severity: "HIGH",
  body: "02:14 Settlement file missing. 3 wait.",
  jobId: "gl-extract",
  jobName: "GL extract",
  executionId: null,
  cause: "FAILED",
  message: null,
  since: "2026-11-11T02:14:00.000Z",
  jobs: 1,
  firstStep: null,
  runbookUrl: null,
  acknowledgedBy: null,
  nextAt: null,
  nextPerson: null,
};

const ANSWER = {
  outcome: "done",
  state: "ACKNOWLEDGED",
  version: 2,
  acknowledgedBy: { userId: "u", name: "Duty Operator" },
  acknowledgedAt: "2026-11-11T03:00:00.000Z",
  resolvedAt: null,
};
