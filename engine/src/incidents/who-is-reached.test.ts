import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, recoveringWith, T0 } from "./test-incidents.ts";

describe("who is reached", () => {
  it("[INC-13] a job that is tried again and again wakes everybody in turn", () => {
    const story = new Story();
    const sent = [...story.take([alertOf("a", T0)])];
    for (let attempt = 2; attempt < 8; attempt++) {
      story.now += MINUTE / 2;
      story.take([recoveringWith(alertOf("a", story.now, { attempt: attempt - 1 }), attempt, T0)]);
      story.now += MINUTE / 2;
      sent.push(...story.take([alertOf("a", story.now, { attempt })]));
    }
    const twice = ["ann", "ben", "carla"].flatMap((name) => [`page ${name}`, `page ${name}`]);
    expect(sent).toEqual([...twice, "page ann"]);
  });
});
