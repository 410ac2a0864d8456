import { describe, expect, it } from "vitest";
import type { Evidence } from "../model/evidence.ts";
import { Story } from "./test-story.ts";
import {
  alertOf,
  ended,
  HOOK,
  MINUTE,
  recoveringWith,
  SECOND,
  T0,
  worldOf,
} from "./test-incidents.ts";

const FAILED = alertOf("a", T0);
const DUE: Evidence = {
  code: "not-started",
  expectedAt: "2026-11-24T01:50:00.000Z",
  graceMs: 10 * MINUTE,
  graceOrigin: "DEFAULT",
  announced: true,
};
const MISSED = alertOf("a", T0, { evidence: [DUE] }, "missed");

/** With what waits for it: late by its grace. */
function withFollower(story: Story): ReturnType<typeof alertOf> {
  const follower = alertOf("b", T0 + 12 * MINUTE, {}, "missed");
  story.now = follower.since;
  story.take([follower]);
  return follower;
}

describe("the clock that times are told by", () => {
  it("[INC-17] is that of whoever reads: each device's own, and UTC for a webhook", () => {
    const zones = { "ann-device-1": "Europe/Berlin" };
    const story = new Story(worldOf({ webhooks: [HOOK], zones }));
    story.take([MISSED]);
    const bodies = story.notifications.map(({ targetId, card }) => [targetId, card.body]);
    expect(bodies).toEqual([
      ["hook", "Due 01:50 UTC, grace over 02:00."],
      ["ann-device-1", "Due 02:50 CET, grace over 03:00."],
    ]);
  });
});

describe("what is said again later in the night", () => {
  it("[INC-17] a start is due when it was due, not when its grace was over", () => {
    const story = new Story();
    story.take([MISSED]);
    story.after(1);
    story.after(4);
    expect(story.texts).toEqual([
      ["ESCALATED TO YOU Job a", "ann has not answered for 5 min. Due 01:50 UTC."],
    ]);
  });

  it("[INC-11] who did not answer the question is said to have had it for as long", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    story.after(60);
    expect(story.after(10)).toEqual(["page ben"]);
    expect(story.texts[0]?.[1]).toMatch(/^ann has not answered for 10 min\./);
  });

  it("[INC-8] after the rounds the last has had it for half an hour", () => {
    const story = new Story();
    story.take([FAILED]);
    for (let pages = 1; pages < 19; pages++) {
      story.now = story.open.nextDueAt ?? 0;
      story.after(0);
    }
    expect(story.sent).toEqual(["page ann"]);
    expect(story.texts[0]?.[1]).toMatch(/^carla has not answered for 31 min\./);
  });

  it("[INC-17] jobs that are well again are not with it any more", () => {
    const story = new Story();
    story.take([FAILED]);
    const follower = withFollower(story);
    story.after(0);
    expect(story.texts[0]?.[1]).toBe("Failed at 02:00 UTC. 1 more job with it.");
    story.take([ended(follower, story.now)]);
    story.after(1);
    story.after(4);
    story.after(1);
    expect(story.texts[0]?.[1]).toBe("Failed at 02:00 UTC.");
  });
});

describe("the cause is cured, and what waited for it has not begun", () => {
  const second = recoveringWith(FAILED, 2, T0 + 5 * MINUTE);
  const cured = { ...ended(second, T0 + 20 * MINUTE) };

  it("[INC-13] it has 10 min before the ladder goes on", () => {
    const story = new Story();
    story.take([FAILED]);
    story.take([second]);
    withFollower(story);
    story.now = T0 + 20 * MINUTE;
    expect(story.take([cured])).toEqual([]);
    expect(story.kinds).toEqual(["alert-ended"]);
    expect(story.open).toMatchObject({ state: "OPEN", nextDueAt: T0 + 30 * MINUTE });
    expect(story.after(10)).toEqual(["page ann"]);
    expect(story.texts[0]?.[0]).toBe("NOT STARTED Job b");
  });

  it("[INC-15] the attempt is not said to have completed when the last of the others began", () => {
    const story = new Story();
    story.take([FAILED]);
    story.take([second]);
    const follower = withFollower(story);
    story.now = T0 + 20 * MINUTE;
    story.take([cured]);
    expect(story.take([ended(follower, T0 + 21 * MINUTE)])).toEqual(["recovered ann"]);
    expect(story.texts).toEqual([["RECOVERED Job a", "Over at 02:21 UTC. Nothing left to do."]]);
  });

  it("[INC-15] an attempt that ends all of it is named", () => {
    const story = new Story();
    story.take([FAILED]);
    story.take([second]);
    story.now = T0 + 20 * MINUTE;
    story.take([cured]);
    expect(story.texts).toEqual([
      ["RECOVERED Job a", "Attempt 2 completed 02:20 UTC. Nothing left to do."],
    ]);
  });
});

it.each(["missed", "stalled"] as const)(
  "[INC-15] what was %s is not over when it goes on",
  (rule) => {
    const story = new Story();
    const alert = alertOf("a", T0, {}, rule);
    story.take([alert]);
    story.take([ended(alert, T0 + 30 * SECOND)]);
    expect(story.texts).toEqual([
      ["RECOVERED Job a", "Sign of life at 02:00 UTC. Nothing left to do."],
    ]);
  },
);
