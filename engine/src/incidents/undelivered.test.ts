import { describe, expect, it } from "vitest";
import type { DeliveryState } from "../model/notification.ts";
import { Story } from "./test-story.ts";
import { alertOf, HOOK, MINUTE, pageable, T0, worldOf } from "./test-incidents.ts";

/** Each page so far, of those receivers given up, else sent. */
function given(story: Story, dead: readonly string[]) {
  return story.notifications
    .filter(({ kind }) => kind === "page")
    .map(({ receiver, ...row }) => {
      const state: DeliveryState = dead.includes(receiver) ? "DEAD" : "SENT";
      return { ...row, state };
    });
}

function undelivered(story: Story, dead: readonly string[]): readonly string[] {
  return story.step({ type: "undelivered", pages: given(story, dead) });
}

function storyOf(...people: readonly string[]): Story {
  const story = new Story(worldOf({ people: people.map((name) => pageable(name, 2)) }));
  story.take([alertOf("a", T0)]);
  return story;
}

describe("a page that reached nobody", () => {
  it("[INC-8] is the next person's at once, who is given time from then on", () => {
    const story = storyOf("ann", "ben", "carla");
    expect(undelivered(story, ["ann"])).toEqual(["page ben", "page ben"]);
    expect(story.kinds).toEqual(["escalated"]);
    expect(story.texts[0]?.[0]).toBe("FAILED Job a");
    expect([story.open.untold, story.open.nextDueAt]).toEqual([null, T0 + MINUTE]);
    // What is said of the first page again changes nothing.
    expect([undelivered(story, ["ann"]), story.last]).toEqual([[], null]);
    expect(story.after(1)).toEqual(["page ben", "page ben"]);
    expect(story.after(4)).toEqual(["page carla", "page carla"]);
  });

  it("[INC-8] waits while one of the person's devices may still be reached", () => {
    const story = storyOf("ann", "ben");
    const [first, ...rest] = given(story, ["ann"]);
    if (first === undefined) throw new Error("Nobody was paged.");
    story.step({ type: "undelivered", pages: [{ ...first, state: "PENDING" }, ...rest] });
    expect([story.last, story.open.nextDueAt]).toEqual([null, T0 + MINUTE]);
  });

  it("[INC-8] does not run through a list of which nobody can be reached", () => {
    const story = storyOf("ann", "ben");
    expect(undelivered(story, ["ann"])).toEqual(["page ben", "page ben"]);
    expect(undelivered(story, ["ann", "ben"])).toEqual([]);
    expect(undelivered(story, ["ann", "ben"])).toEqual([]);
    expect(story.open.nextDueAt).toBe(T0 + MINUTE);
    expect(story.after(1)).toEqual(["page ben", "page ben"]);
  });

  it("[INC-12] is the snoozer's where nobody else can be reached", () => {
    const story = storyOf("ann", "ben");
    story.do("ann", { type: "snooze", untilMs: T0 + 30 * MINUTE });
    expect(story.after(1)).toEqual(["page ben", "page ben"]);
    expect(undelivered(story, ["ben"])).toEqual(["page ann", "page ann"]);
    expect([story.open.snoozedBy, story.kinds]).toEqual([null, ["snooze-over", "escalated"]]);
  });

  it("[INC-9] is why nobody was told, until somebody is", () => {
    const story = storyOf("ann");
    expect(undelivered(story, ["ann"])).toEqual([]);
    expect([story.open.untold, story.reasons, story.kinds]).toEqual([
      "not-delivered",
      ["not-delivered"],
      ["nobody-told"],
    ]);
    expect([undelivered(story, ["ann"]), story.last]).toEqual([[], null]);
    expect(story.after(1).length).toBe(2);
    expect([story.open.untold, story.reasons]).toEqual([null, [null]]);
  });

  it("[INC-9] is no reason where a webhook was told", () => {
    const story = new Story(worldOf({ people: [pageable("ann")], webhooks: [HOOK] }));
    story.take([alertOf("a", T0)]);
    expect([undelivered(story, ["ann"]), story.last, story.open.untold]).toEqual([[], null, null]);
    undelivered(story, ["ann", HOOK.name]);
    expect(story.open.untold).toBe("not-delivered");
  });

  it("[INC-10] is no matter once somebody has it", () => {
    const story = storyOf("ann", "ben");
    story.do("ben", { type: "acknowledge" });
    expect([undelivered(story, ["ann"]), story.last]).toEqual([[], null]);
  });
});
