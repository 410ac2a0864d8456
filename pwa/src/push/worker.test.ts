import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deviceStore } from "../offline/device-store.ts";
import { OFFLINE_LIMITS } from "../offline/limits.ts";
import { card } from "../offline/test-card.ts";
import { payload } from "./test-push.ts";
import { type TestWindow, TestWorker } from "./test-worker.ts";
import { onNotificationClick, updateConfirmations } from "./worker-click.ts";
import { onPush } from "./worker-push.ts";
import { onSubscriptionChange } from "./worker-subscription.ts";

const realFetch = globalThis.fetch;
afterAll(() => {
  globalThis.fetch = realFetch;
});

let worker: TestWorker;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  worker = new TestWorker();
  await worker.signIn();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Past the least time between two attempts. */
const later = () => vi.setSystemTime(Date.now() + OFFLINE_LIMITS.retryPauseMs);
const push = (text: string | null) => onPush(worker.scope, worker.pushed(text));
const kept = async () => (await deviceStore.get("commands")) ?? [];
const answer = (outcome: string, more: object = {}) => ({
  data: {
    outcome,
    state: "ACKNOWLEDGED",
    version: 5,
    acknowledgedBy: { userId: "v", name: "Duty Lead" },
    acknowledgedAt: "2026-11-11T02:20:00.000Z",
    resolvedAt: null,
    ...more,
  },
});

describe("a push [S31]", () => {
  it("is shown with its buttons, kept for a look without a network, and told to the server", async () => {
    worker.answers.set("push.receipt", "answered");
    await push(payload());
    expect(worker.shown).toMatchObject([
      {
        title: "FAILED GL extract",
        tag: "incident-i-1",
        renotify: true,
        requireInteraction: true,
        navigate: "https://watch.example/incidents/i-1?n=n-1",
        timestamp: Date.parse("2026-11-11T02:14:00.000Z"),
        actions: [{ action: "acknowledge" }, { action: "open" }],
        data: { path: "/incidents/i-1?n=n-1", notificationId: "n-1", incidentId: "i-1" },
      },
    ]);
    expect(worker.badges).toEqual([3]);
    expect(await deviceStore.get("cards")).toMatchObject([{ incidentId: "i-1", version: 4 }]);
    expect(worker.calls).toEqual([["push.receipt", { notificationId: "n-1", kind: "shown" }]]);
    expect(await deviceStore.get("receipts")).toEqual([]);
  });

  it.each([null, "", "not json", "[]", '{"notification":{}}'])(
    "that cannot be read (%j) shows that something needs a look: silence ends the subscription",
    async (text) => {
      await push(text);
      expect(worker.shown).toMatchObject([{ title: "Batchwatch", data: { path: "/" } }]);
      expect(await deviceStore.get("cards")).toBeUndefined();
    },
  );

  it("that may not be shown is kept all the same, and is not said to have been shown", async () => {
    worker.mayShow = false;
    await push(payload());
    expect(worker.shown).toEqual([]);
    expect(await deviceStore.get("cards")).toHaveLength(1);
    expect(await deviceStore.get("receipts")).toBeUndefined();
  });

  it("without a network is shown, and its receipt waits", async () => {
    await push(payload());
    expect(worker.shown).toHaveLength(1);
    expect(await deviceStore.get("receipts")).toMatchObject([{ kind: "shown" }]);
  });

  it("that was overtaken shows the newer words again, in silence", async () => {
    await push(payload());
    const old = { notificationId: "n-0", ...card({ version: 2 }) };
    await push(payload({ batchwatch: old }, { title: "LATE GL extract", tag: "n-0" }));
    expect(worker.shown.at(-1)).toMatchObject({
      title: "FAILED GL extract",
      tag: "incident-i-1",
      silent: true,
    });
    expect(await deviceStore.get("cards")).toMatchObject([{ version: 4 }]);
  });

  it("keeps nothing where nobody is signed in", async () => {
    await deviceStore.remove("owner");
    await push(payload());
    expect(worker.shown).toHaveLength(1);
    expect(await deviceStore.get("cards")).toBeUndefined();
  });
});

describe("a tap", () => {
  it("opens the incident in a window of its own, and is told as seen", async () => {
    worker.answers.set("push.receipt", "answered");
    await push(payload());
    await onNotificationClick(worker.scope, worker.tapped());
    expect(worker.opened).toEqual(["/incidents/i-1?n=n-1"]);
    expect(worker.shown).toEqual([]);
    expect(worker.calls.at(-1)).toEqual(["push.receipt", { notificationId: "n-1", kind: "seen" }]);
  });

  describe("with windows open", () => {
    const PATH = "/incidents/i-1?n=n-1";
    const window = (more: Partial<TestWindow> = {}): TestWindow => ({
      url: "https://watch.example/",
      visibilityState: "hidden",
      goes: true,
      focused: false,
      asked: [],
      ...more,
    });
    const tap = async (...windows: TestWindow[]): Promise<void> => {
      worker.windows = windows;
      await push(payload());
      await onNotificationClick(worker.scope, worker.tapped());
    };
    const focused = (): readonly boolean[] => worker.windows.map((one) => one.focused);
    const asked = (): readonly (readonly unknown[])[] => worker.windows.map((one) => one.asked);
    const request = { type: "open", path: PATH };

    it("leads the visible one there and brings it to the front; the others stay where they are", async () => {
      await tap(window(), window({ visibilityState: "visible" }));
      expect([focused(), asked(), worker.opened]).toEqual([[false, true], [[], [request]], []]);
    });

    it("opens its own where the one asked does not answer, before it has used up the tap on a focus", async () => {
      await tap(window({ goes: false }));
      expect([focused(), asked(), worker.opened]).toEqual([[false], [[request]], [PATH]]);
    });

    it("opens its own where it may not take the focus", async () => {
      worker.mayFocus = false;
      await tap(window());
      expect(worker.opened).toEqual([PATH]);
    });

    it("leaves pages of this origin alone that are none of the app", async () => {
      await tap(window({ url: "https://watch.example/ack/abc", visibilityState: "visible" }));
      expect([focused(), asked(), worker.opened]).toEqual([[false], [[]], [PATH]]);
      await tap(window({ url: "https://watch.example/ack/abc" }), window());
      expect(focused()).toEqual([false, true]);
    });
  });

  it("on a notification without anything opens the board", async () => {
    await push(null);
    await onNotificationClick(worker.scope, worker.tapped());
    expect(worker.opened).toEqual(["/"]);
  });
});

describe("an update, which takes the place of the page on the lock screen", () => {
  const update = (acknowledgedBy: string | null) =>
    payload(
      {
        batchwatch: {
          notificationId: "n-2",
          ...card({ kind: "update", version: 5, acknowledgedBy }),
        },
      },
      { silent: true },
    );
  it("asks like the page while nobody has the incident", async () => {
    await push(payload());
    await push(update(null));
    expect(worker.shown).toMatchObject([
      {
        silent: true,
        requireInteraction: true,
        actions: [{ action: "acknowledge" }, { action: "open" }],
      },
    ]);
  });

  it("informs once somebody has it", async () => {
    await push(payload());
    await push(update("Duty Lead"));
    expect(worker.shown).toMatchObject([{ silent: true, requireInteraction: false }]);
    expect(worker.shown[0]?.actions).toBeUndefined();
  });

  it("asks where a private device is not told who has it", async () => {
    const told = { incidentId: "i-1", version: 5, kind: "update", severity: "HIGH" };
    await push(payload({ batchwatch: { notificationId: "n-2", ...told } }, { silent: true }));
    expect(worker.shown[0]?.actions).toHaveLength(2);
  });
});

describe("the button on a notification [B17]", () => {
  const press = () => onNotificationClick(worker.scope, worker.tapped("acknowledge"));

  it.each([
    ["done", "Acknowledged"],
    ["someone-has-it", "Duty Lead has it"],
    ["already-resolved", "Already over"],
    ["no-such-outcome", "Not acknowledged"],
  ])("says what the server said: %s → %s", async (outcome, title) => {
    worker.answers.set("incidents.acknowledge", answer(outcome));
    await push(payload());
    await press();
    expect(worker.shown).toMatchObject([{ title, tag: "incident-i-1", silent: true }]);
    expect(worker.data?.commandId).toBeNull();
    expect([worker.syncs, worker.opened]).toEqual([[], []]);
  });

  it("leads to the incident that this one is part of now", async () => {
    const merged = { resolution: "merged", mergedInto: "i-2" };
    worker.answers.set("incidents.acknowledge", answer("already-resolved", merged));
    await push(payload());
    await press();
    expect(worker.shown).toMatchObject([{ title: "Not acknowledged" }]);
    await onNotificationClick(worker.scope, worker.tapped());
    expect(worker.opened).toEqual(["/incidents/i-2"]);
  });

  it("says 'Not sent yet' without a network, and the truth once it was sent", async () => {
    await push(payload());
    await press();
    const [command] = await kept();
    expect(worker.shown).toMatchObject([{ title: "Not sent yet" }]);
    expect(worker.data?.commandId).toBe(command?.commandId);
    expect(worker.syncs).toEqual(["commands"]);

    await updateConfirmations(worker.scope.registration);
    expect(worker.shown).toMatchObject([{ title: "Not sent yet" }]);
  });

  it.each([
    ["answered", "Acknowledged"],
    ["refused", "Not acknowledged"],
  ])("replaces 'Not sent yet' once the command is %s: %s", async (state, title) => {
    await push(payload());
    await press();
    worker.answers.set("incidents.acknowledge", state === "refused" ? "refused" : answer("done"));
    later();
    // A push about something else wakes the device, and the command is sent with it.
    await push(payload({ batchwatch: {} }, { tag: "other" }));
    expect((await kept()).map((command) => command.state)).toEqual([state]);
    const titles = worker.shown.map((one) => one.title);
    expect(titles).toContain(title);
    expect(titles).not.toContain("Not sent yet");
  });

  it("replaces it, too, when a tap on something else has sent it", async () => {
    await push(payload());
    await press();
    await push(payload({ batchwatch: {} }, { tag: "other" }));
    worker.answers.set("incidents.acknowledge", answer("done"));
    later();
    await onNotificationClick(worker.scope, worker.tapped());
    expect(worker.shown).toMatchObject([{ title: "Acknowledged" }]);
  });

  it("asks to be opened where no browser wakes the worker when the network is back", async () => {
    worker.hasSync = false;
    await push(payload());
    await press();
    expect(worker.shown[0]?.body).toContain("Open Batchwatch to send it.");
  });

  it("says so where it cannot be kept: nobody is signed in, or too many wait", async () => {
    await push(payload());
    await deviceStore.remove("owner");
    await press();
    expect(worker.shown).toMatchObject([{ title: "Not acknowledged" }]);
    expect(worker.shown[0]?.body).toContain("Nobody is signed in");

    await worker.signIn();
    for (let count = 0; count < OFFLINE_LIMITS.commands; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as taps are
      await push(payload({ batchwatch: { ...card({ incidentId: `i-${count}` }) } }));
      // oxlint-disable-next-line no-await-in-loop
      await press();
    }
    await push(payload());
    await press();
    expect(worker.shown.at(-1)?.body).toContain("wait already");
  });

  it("keeps the command where its answer may not be shown any more", async () => {
    await push(payload());
    const tap = worker.tapped("acknowledge");
    worker.mayShow = false;
    await onNotificationClick(worker.scope, tap);
    expect(await kept()).toHaveLength(1);
  });
});

describe("a push service that gives another subscription", () => {
  const CHOICE = { label: "Phone", isPrivate: true, key: "vapid", toldEndpoint: "https://p/1" };
  const subscription = (endpoint: string): PushSubscription =>
    ({
      endpoint,
      toJSON: () => ({ endpoint, keys: { p256dh: "BB==", auth: "AA=" } }),
    }) as unknown as PushSubscription;
  const change = (more: object = {}) =>
    onSubscriptionChange(worker.scope, { waitUntil: () => {}, ...more } as never);

  it("is asked for the next, and the server is told of both", async () => {
    worker.answers.set("push.subscribe", "answered");
    await deviceStore.set("push", CHOICE);
    worker.next = subscription("https://p/2");
    await change({ oldSubscription: null, newSubscription: null });
    expect(worker.calls).toEqual([
      [
        "push.subscribe",
        {
          endpoint: "https://p/2",
          p256dh: "BB",
          auth: "AA",
          label: "Phone",
          isPrivate: true,
          zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      ],
      ["push.unsubscribe", { endpoint: "https://p/1" }],
    ]);
    expect((await deviceStore.get("push"))?.toldEndpoint).toBe("https://p/2");
  });

  it("that the server could not be told of is told by the page later", async () => {
    await deviceStore.set("push", CHOICE);
    await change({ newSubscription: subscription("https://p/1") });
    expect(worker.calls.map(([path]) => path)).toEqual(["push.subscribe"]);
    expect((await deviceStore.get("push"))?.toldEndpoint).toBeNull();
  });

  it("is nobody's business while push was not chosen or nobody is signed in", async () => {
    await change();
    await deviceStore.set("push", CHOICE);
    await deviceStore.set("owner", { userId: "u", confirmed: false });
    await change();
    expect(worker.calls).toEqual([]);
  });
});
