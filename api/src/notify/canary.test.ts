import type { JournalRecord, Notification } from "@batchwatch/engine";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { API_LIMITS } from "../options.ts";
import { Canary } from "./canary.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");

beforeEach(() => {
  vi.useFakeTimers({ now: T0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function canary() {
  const appended: JournalRecord[] = [];
  const errors: unknown[] = [];
  const made = new Canary({
    append: async (records) => appended.push(...records),
    now: Date.now,
    onError: (error) => errors.push(error),
  });
  return { made, appended, errors };
}

function page(since: number): Notification {
  return { kind: "page", card: { since: new Date(since).toISOString() } } as Notification;
}

it("fails at once, hears its page, and takes the failure back", () => {
  const { made, appended, errors } = canary();
  made.start();
  expect([appended.length, errors]).toEqual([1, []]);
  expect(made.state()).toEqual({ type: "young" });
  vi.advanceTimersByTime(4);
  made.arrived(page(T0));
  expect(made.state()).toEqual({ type: "singing", tookMs: 4, at: T0 + 4 });
  expect(appended.length).toBe(2);
  made.stop();
});

it("is silent while a page is overdue, from when it should have come on", () => {
  const { made } = canary();
  made.start();
  vi.advanceTimersByTime(API_LIMITS.canaryWithinMs + 1);
  expect(made.state()).toEqual({ type: "silent", since: T0 });
  vi.advanceTimersByTime(2 * API_LIMITS.canaryEveryMs);
  expect(made.state()).toEqual({ type: "silent", since: T0 });
  made.arrived(page(Date.now()));
  expect(made.state().type).toBe("singing");
  made.stop();
});

it("does not take an old page for a new one", () => {
  const { made } = canary();
  made.start();
  made.arrived(page(T0));
  vi.advanceTimersByTime(API_LIMITS.canaryEveryMs);
  made.arrived(page(T0));
  vi.advanceTimersByTime(API_LIMITS.canaryWithinMs + 1);
  expect(made.state()).toEqual({ type: "silent", since: T0 + API_LIMITS.canaryEveryMs });
  made.stop();
});
