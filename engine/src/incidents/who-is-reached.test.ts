import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, pageable, recoveringWith, T0, worldOf } from "./test-incidents.ts";

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

  describe.each([1, 5, 20, 30, 180, 100_000])(
    "though the clock is set back by %i min",
    (minutes) => {
      /** The clock is set back, which the next tick sees. */
      const setBack = (story: Story) => {
        story.now -= minutes * MINUTE;
        expect(story.after(0)).toEqual([]);
      };

      it("[INC-8] the ladder goes on as if it had not been", () => {
        const story = new Story();
        story.take([alertOf("a", T0)]);
        setBack(story);
        expect(Array.from({ length: 7 }, () => story.after(1)).flat()).toEqual([
          "page ann",
          "page ben",
          "page ben",
        ]);
      });

      it("[INC-8] also where a person does something before the next tick", () => {
        const story = new Story();
        story.take([alertOf("a", T0)]);
        story.now -= minutes * MINUTE;
        story.do("ann", { type: "comment", text: "I look" });
        expect(story.after(1)).toEqual(["page ann"]);
      });

      it("[INC-11] who has it is asked, and the page goes on, when they would have been", () => {
        const story = new Story();
        story.take([alertOf("a", T0)]);
        story.do("ann", { type: "acknowledge" });
        setBack(story);
        expect([story.after(59), story.after(1)]).toEqual([[], ["reminder ann"]]);
        setBack(story);
        expect([story.after(9), story.after(1)]).toEqual([[], ["page ben"]]);
      });

      it("[INC-9] whether anybody can be told is looked at again", () => {
        const story = new Story(worldOf({ people: [] }));
        story.take([alertOf("a", T0)]);
        expect(story.after(5)).toEqual([]);
        setBack(story);
        story.world = worldOf();
        expect([story.after(4), story.after(1)]).toEqual([[], ["page ann"]]);
      });
    },
  );

  describe("[INC-4] a job's tier is raised while its alert fires", () => {
    const low = alertOf("a", T0, { tier: 3 });
    const raised = { ...low, version: 2, card: { ...low.card, tier: 1 } };

    it("and it is paged", () => {
      const story = new Story();
      expect([story.take([low]), story.open.untold]).toEqual([[], "low-tier"]);
      story.now += 5 * MINUTE;
      expect(story.take([raised])).toEqual(["page ann"]);
      const { severity, untold, members } = story.open;
      expect([severity, untold, members.map(({ reason }) => reason)]).toEqual([
        "CRITICAL",
        null,
        [undefined],
      ]);
      expect([story.reasons, story.kinds]).toEqual([[null], ["severity-changed", "paged"]]);
    });

    it("whoever has it", () => {
      const story = new Story();
      story.take([low]);
      story.do("ben", { type: "acknowledge" });
      expect(story.take([raised])).toEqual(["page ben"]);
      expect(story.open.acknowledgedBy).toBeNull();
    });

    it("unless the incident is as severe already; lowered it changes nothing", () => {
      const story = new Story();
      story.take([alertOf("b", T0, { tier: 1 })]);
      story.take([low]);
      expect([story.take([raised]), story.reasons]).toEqual([[], ["same-incident"]]);
      expect(story.take([{ ...low, version: 3 }])).toEqual([]);
      expect(story.open.severity).toBe("CRITICAL");
    });
  });

  describe.each(["at once", "later"])("[INC-9] what may be told joins what may not, %s", (when) => {
    it("is the team's whose job it is", () => {
      const { sourceOf, ...world } = worldOf();
      const story = new Story({
        ...world,
        policyOf: (teamId) => ({ people: [pageable(teamId)], webhooks: [] }),
        sourceOf: (id) => ({ ...sourceOf(id)!, environment: id === "uat" ? "UAT" : "PROD" }),
      });
      const test = alertOf("a", T0, { sourceId: "uat", teamId: "testers" });
      const real = alertOf("b", T0 + 1, { sourceId: "prod", teamId: "payments" });
      const sent =
        when === "at once" ? story.take([test, real]) : [story.take([test]), story.take([real])];
      expect(sent.flat()).toEqual(["page payments"]);
      expect(story.open.teamId).toBe("payments");
      expect(story.after(1)).toEqual(["page payments"]);
    });
  });
});
