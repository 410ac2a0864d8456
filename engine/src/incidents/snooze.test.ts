import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, pageable, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);
const UNTIL = { type: "snooze", untilMs: T0 + 60 * MINUTE } as const;

function snoozed(...others: readonly string[]): Story {
  const story = new Story(worldOf({ people: ["ann", ...others].map((name) => pageable(name)) }));
  story.take([FAILED]);
  return story;
}

describe("a snooze never silences an incident", () => {
  it("[INC-12] is refused to the only one who can be woken, unless it wakes nobody", () => {
    const story = snoozed();
    expect([story.do("ann", UNTIL), story.open.snoozedBy]).toEqual(["nobody-left", null]);
    expect(story.after(1)).toEqual(["page ann"]);
    const low = new Story(worldOf({ people: [pageable("ann")] }));
    low.take([alertOf("a", T0, { tier: 3 })]);
    expect(low.do("ann", UNTIL)).toBe("done");
  });

  it("[INC-12] spares nobody once the others can be woken no more", () => {
    const story = snoozed("ben");
    expect(story.do("ann", UNTIL)).toBe("done");
    story.world = worldOf({ people: [pageable("ann"), pageable("ben", 0)] });
    expect(story.after(1)).toEqual(["page ann"]);
  });

  it("[INC-12] ends when it becomes more severe", () => {
    const story = snoozed("ben");
    story.do("ann", UNTIL);
    expect(story.take([alertOf("b", T0 + MINUTE, { tier: 1 })])).toEqual(["page ann"]);
    expect([story.open.snoozedBy, story.kinds]).toEqual([
      null,
      ["alert-joined", "severity-changed", "snooze-over", "paged"],
    ]);
  });

  it("[INC-12] ends when a new attempt fails", () => {
    const story = snoozed("ben", "carla");
    story.do("ann", UNTIL);
    story.take([alertOf("a", T0 + MINUTE, { attempt: 2 })]);
    expect([story.open.snoozedBy, story.kinds]).toEqual([
      null,
      ["alert-joined", "attempt-failed", "snooze-over", "paged"],
    ]);
  });
});
