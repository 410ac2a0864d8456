import type { Dashboard, RunRow } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { IncomingItem } from "./board-state.ts";
import { LIMITS } from "./limits.ts";
import { type ChangesHandlers, LiveSession, type LiveTransport } from "./live-session.ts";
import { LiveStore } from "./live-store.ts";
import { dashboard, runRow } from "./test-rows.ts";

const at = "2026-11-11T02:15:00.000Z";
const changed = (id: string, row: RunRow): IncomingItem => ({
  id,
  item: { type: "changes", changes: [row], at },
});

function harness() {
  const store = new LiveStore(() => Date.now());
  const snapshots: (() => Promise<Dashboard>)[] = [];
  const opened: { lastEventId: string; handlers: ChangesHandlers }[] = [];
  const onSignedOut = vi.fn<() => void>();
  const onTokenRefused = vi.fn<() => void>();
  const transport: LiveTransport = {
    snapshot: vi.fn<LiveTransport["snapshot"]>(
      () => snapshots.shift()?.() ?? Promise.resolve(dashboard()),
    ),
    open: ({ lastEventId }, handlers) => {
      opened.push({ lastEventId, handlers });
      return { stop: () => {}, nudge: () => {} };
    },
    errorCode: (error) => (error instanceof Error ? error.message : "NETWORK"),
  };
  const session = new LiveSession({
    store,
    transport,
    team: undefined,
    onServerTime: () => {},
    onSignedOut,
    onTokenRefused,
  });
  const handlers = (): ChangesHandlers => {
    const last = opened.at(-1);
    if (last === undefined) throw new Error("nothing was opened");
    return last.handlers;
  };
  return { store, snapshots, opened, onSignedOut, onTokenRefused, transport, session, handlers };
}

let running: LiveSession | null = null;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  running?.stop();
  vi.useRealTimers();
});

test("takes a snapshot, subscribes from its position and applies what follows", async () => {
  const h = harness();
  running = h.session;
  h.session.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(h.opened.map((each) => each.lastEventId)).toEqual(["e1:10"]);
  h.handlers().onLink(true);
  h.handlers().onItem(changed("e1:11", runRow("a")));
  await vi.advanceTimersByTimeAsync(LIMITS.flushIntervalMs);
  expect([...(h.store.get().board?.rows.keys() ?? [])]).toEqual(["run:a"]);
});

test("a reset fetches the board again; items that arrive meanwhile are applied after it", async () => {
  const h = harness();
  running = h.session;
  h.session.start();
  await vi.advanceTimersByTimeAsync(0);
  let answer: (snapshot: Dashboard) => void = () => {};
  const fresh = new Promise<Dashboard>((resolve) => {
    answer = resolve;
  });
  h.snapshots.push(() => fresh);
  h.handlers().onItem({ id: "e2:4", item: { type: "reset", at } });
  await vi.advanceTimersByTimeAsync(0);
  h.handlers().onItem(changed("e2:5", runRow("old", { tier: 5 })));
  h.handlers().onItem(changed("e2:7", runRow("new")));
  answer(dashboard({ epoch: "e2", seq: 6, activeJobs: [runRow("old")] }));
  await vi.advanceTimersByTimeAsync(LIMITS.flushIntervalMs);
  const rows = h.store.get().board?.rows;
  expect(rows?.get("run:old")).toMatchObject({ tier: 2 });
  expect(rows?.has("run:new")).toBe(true);
});

test("polls while there is no socket for longer than 10 s, and stops when it is back", async () => {
  const h = harness();
  running = h.session;
  h.session.start();
  await vi.advanceTimersByTimeAsync(0);
  h.handlers().onLink(true);
  h.handlers().onLink(false);
  expect(h.store.get().link).toBe("lost");
  await vi.advanceTimersByTimeAsync(9_000);
  expect(h.transport.snapshot).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(7_000);
  expect(h.transport.snapshot).toHaveBeenCalledTimes(3);
  expect(h.store.get().polling).toBe(true);
  h.handlers().onLink(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(h.transport.snapshot).toHaveBeenCalledTimes(3);
  expect(h.store.get().catchingUp).toBe(true);
});

test("a refused session signs out instead of trying again", async () => {
  const h = harness();
  running = h.session;
  h.snapshots.push(() => Promise.reject(new Error("UNAUTHORIZED")));
  h.session.start();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(h.onSignedOut).toHaveBeenCalledTimes(1);
  expect(h.opened).toHaveLength(0);
});

test("a token that is taken no more has it asked who the reader is, and ends nothing", async () => {
  const h = harness();
  running = h.session;
  h.session.start();
  await vi.advanceTimersByTimeAsync(0);
  h.handlers().onLink(true);
  h.handlers().onTokenRefused();
  expect(h.onTokenRefused).toHaveBeenCalledTimes(1);
  expect(h.onSignedOut).not.toHaveBeenCalled();
  expect(h.store.get().link).toBe("open");
  h.session.stop();
  h.handlers().onTokenRefused();
  expect(h.onTokenRefused).toHaveBeenCalledTimes(1);
});

test("a failed first snapshot is tried again and its code shown meanwhile", async () => {
  const h = harness();
  running = h.session;
  h.snapshots.push(() => Promise.reject(new Error("NETWORK")));
  h.session.start();
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(h.transport.snapshot).toHaveBeenCalledTimes(2);
  expect(h.store.get().errorCode).toBe(null);
  expect(h.store.get().board).not.toBe(null);
});
