import type { Channel, NotificationKind, SendOutcome } from "@batchwatch/engine";
import { expect, it } from "vitest";
import { API_LIMITS } from "../options.ts";
import { Reach } from "./reach.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const { canaryWithinMs: PATIENCE, reachMs: WINDOW } = API_LIMITS;

function noted(...notes: readonly [Channel, NotificationKind, SendOutcome["type"], number][]) {
  const reach = new Reach();
  for (const [channel, kind, type, at] of notes) reach.note({ channel, kind }, type, T0 + at);
  return (now: number) => reach.unreachedSince(T0 + now);
}

it.each(["refused", "failed", "gone"] as const)("pages that are %s reach nobody", (type) => {
  const since = noted(["webpush", "page", type, 0], ["webpush", "page", type, PATIENCE]);
  expect(since(PATIENCE - 1)).toBeNull();
  expect(since(PATIENCE)).toBe(T0);
  expect(since(PATIENCE + WINDOW)).toBe(T0);
  expect(since(PATIENCE + WINDOW + 1)).toBeNull();
});

it("one that is taken says that they do, whatever it is about", () => {
  const since = noted(["webpush", "page", "refused", 0], ["webpush", "test", "sent", 1]);
  expect(since(PATIENCE)).toBeNull();
});

it("a test that its receiver's own phone refuses says nothing of pages", () => {
  expect(noted(["webpush", "test", "refused", 0])(PATIENCE)).toBeNull();
});

it("that a chat takes everything wakes nobody; that a chat is broken keeps no phone asleep", () => {
  const hookWorks = noted(["webpush", "page", "refused", 0], ["webhook", "page", "sent", 1]);
  expect(hookWorks(PATIENCE)).toBe(T0);
  const phoneWorks = noted(["webhook", "page", "failed", 0], ["webpush", "page", "sent", 1]);
  expect(phoneWorks(PATIENCE)).toBeNull();
  expect(noted(["webhook", "page", "failed", 0])(PATIENCE)).toBe(T0);
});

it("nothing is known before anything was sent", () => {
  expect(noted()(0)).toBeNull();
});
