import { expect, test } from "vitest";
import { CANARY_AGE_MS, judgeHealth } from "./judge-health.ts";

const NOW = Date.parse("2026-11-11T03:00:00.000Z");
const health = (status: string, components: Record<string, unknown> = {}) =>
  judgeHealth(JSON.stringify({ status, components }), NOW);
const canary = (ageMs: number) => ({
  status: "UP",
  details: { canary_at: new Date(NOW - ageMs).toISOString() },
});

test("UP and DEGRADED are no matter of the watchdog's", () => {
  expect(health("UP", { alerting: canary(1_000), database: { status: "UP" } })).toBeNull();
  expect(health("DEGRADED", { alerting: { status: "DEGRADED" } })).toBeNull();
});

test("a component that is DOWN is named, with its own words where they are told", () => {
  expect(health("DOWN", { alerting: { status: "DOWN" } })).toBe("alerting is DOWN");
  const details = { summary: "A test failure was not paged for 40 s\nforged: line\u001b[31m" };
  expect(health("DOWN", { alerting: { status: "DOWN", details } })).toBe(
    "alerting is DOWN: A test failure was not paged for 40 s forged: line[31m",
  );
  expect(health("DOWN")).toBe("it says that it is DOWN");
});

test("a canary that was heard too long ago is noticed although all is said to be UP", () => {
  expect(health("UP", { alerting: canary(CANARY_AGE_MS) })).toBeNull();
  expect(health("UP", { alerting: canary(CANARY_AGE_MS + 60_000) })).toBe(
    "its last test page came back 12 min ago",
  );
});

test.each(["", "null", "[]", "<html>", '{"components":{}}', '{"status":7}'])(
  "%j is no answer of health",
  (body) => {
    expect(judgeHealth(body, NOW)).toBe("/health says nothing that can be read");
  },
);
