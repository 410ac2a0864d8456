import { maskText, type NativeObservation } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { EVENT_BYTES, EventBodies, MESSAGE_BYTES, messages } from "./event-bodies.ts";

const NOW = Date.UTC(2026, 10, 24, 3);

function events(bodies: EventBodies, count: number): readonly NativeObservation[] {
  const text = new TextDecoder().decode(bodies.next(count, NOW));
  return JSON.parse(text) as readonly NativeObservation[];
}

describe("EventBodies", () => {
  test("every event has the size that is claimed, every tenth a message of its size", () => {
    const found = events(new EventBodies(), 2_000);
    const withMessage = found.filter((event) => event.message !== undefined);
    expect(withMessage.length).toBe(200);
    for (const { message, ...event } of found) {
      expect(JSON.stringify(event).length).toBe(EVENT_BYTES);
      if (message !== undefined) expect(Buffer.byteLength(message)).toBe(MESSAGE_BYTES);
    }
  });

  test("about 1 % of the runs are new", () => {
    const bodies = new EventBodies();
    const known = new Set(events(bodies, 50_000).map((event) => event.job.name + event.run.id));
    const before = known.size;
    const later = events(bodies, 50_000);
    for (const event of later) known.add(event.job.name + event.run.id);
    expect((known.size - before) / later.length).toBeCloseTo(0.01, 3);
  });

  test("two of twenty messages hold something to hide", () => {
    const masked = messages(100).filter((text) => maskText(text).text !== text);
    expect(masked.length).toBe(10);
  });
});
