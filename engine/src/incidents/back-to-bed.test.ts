import { describe, expect, it } from "vitest";
import type { Alert } from "../model/alert.ts";
import { nextTold } from "./next-told.ts";
import { Story } from "./test-story.ts";
import { alertOf, MINUTE, recoveringWith, T0 } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);

function withBudget(alert: Alert, minutes: number): Alert {
  const { card } = alert;
  if (card.recovering === null) throw new Error("No attempt is under way.");
  return {
    ...alert,
    card: { ...card, recovering: { ...card.recovering, budgetMs: minutes * MINUTE } },
  };
}

/** Ann is back in bed since five minutes past; the attempt began one minute past. */
function inBed(second: Alert): Story {
  const story = new Story();
  story.take([FAILED]);
  story.take([second]);
  story.now += 5 * MINUTE;
  expect(story.do("ann", { type: "back-to-bed" })).toBe("done");
  return story;
}

const SECOND = recoveringWith(FAILED, 2, T0 + MINUTE);

describe("back to bed", () => {
  it("[INC-13] is over when the attempt should be, however silent everything is", () => {
    const story = inBed(withBudget(SECOND, 40));
    expect(nextTold(story.open, story.world)).toEqual({ at: T0 + 41 * MINUTE, who: "ann" });
    expect([story.after(35), story.after(1)]).toEqual([[], ["reminder ann"]]);
    expect(story.texts[0]?.[1]).toBe(
      "Acknowledged 02:05, attempt 2 since 02:01 UTC. Answer within 10 min or ben is paged.",
    );
    expect(story.after(10)).toEqual(["page ben"]);
    expect(story.open.backToBed).toBe(false);
  });

  it("[INC-13] holds for two hours where no budget is set, for a night at most where one is", () => {
    expect(inBed(SECOND).open.nextDueAt).toBe(T0 + 125 * MINUTE);
    expect(inBed(withBudget(SECOND, 5_000)).open.nextDueAt).toBe(T0 + 725 * MINUTE);
  });

  it("[INC-13] may be said again once it is asked for: then the budget is over", () => {
    const story = inBed(withBudget(SECOND, 40));
    expect(story.do("ann", { type: "back-to-bed" })).toBe("already-yours");
    story.after(36);
    expect(story.do("ann", { type: "back-to-bed" })).toBe("done");
    expect([story.after(10), story.open.nextDueAt]).toEqual([[], T0 + 161 * MINUTE]);
  });

  it("[INC-13] a newer attempt counts anew", () => {
    const story = inBed(withBudget(SECOND, 40));
    story.now += 30 * MINUTE;
    const third = withBudget(recoveringWith(SECOND, 3, story.now), 60);
    expect([story.take([third]), story.open.nextDueAt]).toEqual([[], T0 + 95 * MINUTE]);
  });

  it("[INC-13] one that was stored without a time ends as well", () => {
    const story = inBed(SECOND);
    story.incident = { ...story.open, ackUntil: null };
    story.do("ben", { type: "comment", text: "Looking" });
    expect(story.open.nextDueAt).toBe(T0 + 125 * MINUTE);
    expect(story.after(120)).toEqual(["reminder ann"]);
  });
});
