import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LIMITS } from "./limits.ts";
import { LiveStore } from "./live-store.ts";
import { dashboard, runRow } from "./test-rows.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("shows a burst of items at most once per interval", () => {
  const store = new LiveStore(() => Date.now());
  store.snapshot(dashboard(), false);
  const onChange = vi.fn<() => void>();
  store.subscribe(onChange);
  for (let n = 1; n <= 50; n += 1) {
    const changes = [runRow(`r${n}`)];
    store.push([
      { id: `e1:${10 + n}`, item: { type: "changes", changes, at: "2026-11-11T02:15:00.000Z" } },
    ]);
  }
  expect(onChange).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(LIMITS.flushIntervalMs);
  expect(onChange).toHaveBeenCalledTimes(2);
  expect(store.get().board?.rows.size).toBe(50);
  expect(store.get().board?.seq).toBe(60);
});
