import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, T0 } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);

describe("what a newer step has overtaken", () => {
  it("[INC-21] whatever ends an acknowledgement takes back the question whether it is still theirs", () => {
    const asked = () => {
      const story = new Story();
      story.take([FAILED]);
      story.do("ann", { type: "acknowledge" });
      story.after(60);
      return story;
    };
    const untilMs = T0 + 65 * MINUTE;
    for (const [by, action] of [
      ["ann", { type: "acknowledge" }],
      ["ann", { type: "unacknowledge" }],
      ["ben", { type: "take-over" }],
      ["ann", { type: "snooze", untilMs }],
      ["ben", { type: "escalate" }],
      ["ben", { type: "resolve", reason: "Known" }],
    ] as const) {
      const story = asked();
      expect([story.do(by, action), story.last?.cancels]).toEqual(["done", { userId: null }]);
    }
    const late = asked();
    late.after(10);
    expect(late.last?.cancels).toEqual({ userId: null });
    const again = asked();
    again.take([alertOf("a", T0 + MINUTE, { attempt: 2 })]);
    expect([again.sent, again.last?.cancels]).toEqual([["page ann"], { userId: null }]);
    const other = asked();
    other.do("ann", { type: "comment", text: "Looking" });
    expect(other.last?.cancels).toBeNull();
  });

  it("[INC-21] a snooze takes back what waits for the snoozer, a page what waits for the same person", () => {
    const story = new Story();
    story.take([FAILED]);
    expect(story.last?.cancels).toBeNull();
    story.after(1);
    expect(story.last?.cancels).toEqual({ userId: "ann" });
    story.do("ann", { type: "snooze", untilMs: T0 + 30 * MINUTE });
    expect(story.last?.cancels).toEqual({ userId: "ann" });
    story.after(4);
    expect([story.sent, story.last?.cancels]).toEqual([["page ben"], { userId: "ben" }]);
  });
});
