import type { AuditEntry } from "batchwatch/router";
import { expect, test } from "vitest";
import { auditDelay, auditWhat } from "./audit-words.ts";

const entry = (fields: Partial<AuditEntry>): AuditEntry => ({
  kind: "started",
  stage: null,
  occurredAt: "2026-11-11T02:46:00.000Z",
  receivedAt: "2026-11-11T02:46:04.000Z",
  source: "core",
  contract: "native",
  ...fields,
});

test("what a source said is said as it came", () => {
  expect(auditWhat(entry({}))).toBe("started");
  expect(auditWhat(entry({ kind: "scheduled" }))).toBe("announced");
  expect(auditDelay(entry({}))).toBe("4 s later");
});

test("[CLOCK-11] what time said names its clock", () => {
  const clock = (kind: string): AuditEntry => entry({ kind, contract: "clock" });
  expect(auditWhat(clock("stalled"))).toBe("stalled by the heartbeat clock");
  expect(auditWhat(clock("late"))).toBe("late by the start clock");
  expect(auditWhat(clock("asleep"))).toBe("asleep by the clock");
  expect(auditDelay(clock("late"))).toBe("4 s after the deadline");
});
