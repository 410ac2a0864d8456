import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, ended, MINUTE, pageable, PEOPLE, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);

function heldBy(name: string, devices = 1): Story {
  const story = new Story(worldOf({ people: PEOPLE, others: [pageable("manager", devices)] }));
  story.take([FAILED]);
  story.do(name, { type: "acknowledge" });
  return story;
}

describe("who was paged and need do nothing any more", () => {
  it("[INC-24] is told who has it, silently; the one who has it is not, nor who was never paged", () => {
    const story = new Story();
    story.take([FAILED]);
    story.after(1);
    story.after(4);
    story.now += MINUTE;
    expect([story.do("ben", { type: "acknowledge" }), story.sent]).toEqual([
      "done",
      ["update ann"],
    ]);
    expect(story.texts).toEqual([["TAKEN Job a", "ben has it, 02:06 UTC. You need do nothing."]]);
    expect([story.do("ann", { type: "acknowledge" }), story.sent]).toEqual(["someone-has-it", []]);
    story.do("ann", { type: "comment", text: "Good" });
    expect(story.sent).toEqual([]);
    expect([story.do("carla", { type: "take-over" }), story.sent.toSorted()]).toEqual([
      "done",
      ["update ann", "update ben"],
    ]);
  });

  it("[INC-24] is told that it is closed", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ben", { type: "resolve", reason: "Known" });
    expect(story.sent).toEqual(["recovered ann"]);
    expect(story.texts).toEqual([
      ["CLOSED Job a", "ben closed it, 02:00 UTC. You need do nothing."],
    ]);
  });
});

describe("who has it, and is on no list", () => {
  it("[INC-11] is asked all the same, and named to the next", () => {
    const story = heldBy("manager");
    expect([story.after(60), story.kinds]).toEqual([["reminder manager"], ["reminded"]]);
    expect(story.after(10)).toEqual(["page ben"]);
    expect(story.texts[0]?.[1]).toMatch(/^manager has not answered for 10 min\./);
  });

  it("[INC-11] is not said to have been asked where no device could be", () => {
    const story = heldBy("manager", 0);
    expect([story.after(60), story.kinds]).toEqual([[], []]);
    expect(story.after(10)).toEqual(["page ben"]);
  });

  it("[INC-15] is told of its end", () => {
    const story = heldBy("manager");
    const sent = story.take([ended(FAILED, T0 + MINUTE)]);
    expect(sent.toSorted()).toEqual(["recovered ann", "recovered manager"]);
  });

  it("[INC-11] who did not answer is named, not who was paged before", () => {
    const story = heldBy("ben");
    story.after(60);
    expect(story.after(10)).toEqual(["page carla"]);
    expect(story.texts[0]?.[1]).toMatch(/^ben has not answered for 10 min\./);
  });
});
