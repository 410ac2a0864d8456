import { describe, expect, it } from "vitest";
import type { Alert, AlertCard } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import { Story } from "./test-story.ts";
import { alertOf, ended, MINUTE, pageable, SECOND, T0, worldOf } from "./test-incidents.ts";

/** Each team has a list of its own, named after it; `gone` has nobody who can be woken. */
const WORLD = {
  ...worldOf(),
  policyOf: (teamId: string) => ({
    people: [1, 2].map((n) => pageable(`${teamId}-${n}`, teamId === "gone" ? 0 : 1)),
    webhooks: [],
  }),
  pageableOf: (userId: string) => pageable(userId),
};

function failed(jobId: string, seconds: number, card: Partial<AlertCard>): Alert {
  return alertOf(jobId, T0 + seconds * SECOND, card);
}

/** An incident of one alert, as the story of its own. */
function storyOf(alert: Alert): Story {
  const story = new Story(WORLD);
  story.now = alert.since;
  story.take([alert]);
  return story;
}

/** The third job of the source fails: the first takes the second in. */
function merge(into: Story, other: Incident, third: Alert): readonly string[] {
  into.now = third.since;
  return into.take([third], { sharedSourceId: "source", absorbs: [other] });
}

const low = failed("b", 0, { tier: 3, teamId: "b", message: "words of b" });
const critical = failed("a", 30, { tier: 1, teamId: "a" });
const third = failed("c", 90, { tier: 2, teamId: "b" });

describe("a merge [INC-7]", () => {
  it("does not stop the page of what is more severe because somebody has the less severe", () => {
    const b = storyOf(low);
    b.do("b-1", { type: "acknowledge" });
    const a = storyOf(critical);
    merge(b, a.open, third);
    const { severity, teamId, acknowledgedBy, state } = b.open;
    expect([severity, teamId, acknowledgedBy, state]).toEqual(["CRITICAL", "a", null, "OPEN"]);
    expect(b.kinds).toContain("acknowledgement-over");
    // As it was owed: a minute after its first page.
    expect(b.open.escalation).toEqual(a.open.escalation);
    expect(b.after(0)).toEqual(["page a-1"]);
    expect(b.texts.flat().join()).not.toContain("words of b");
    expect(b.after(4)).toEqual(["page a-2"]);
  });

  it("whichever of them is the older", () => {
    const a = storyOf(failed("a", 0, { tier: 1, teamId: "a" }));
    const b = storyOf(failed("b", 30, { tier: 3, teamId: "b" }));
    b.do("b-1", { type: "acknowledge" });
    merge(a, b.open, failed("c", 59, { tier: 2, teamId: "b" }));
    expect([a.open.teamId, a.open.acknowledgedBy, a.last?.cancels]).toEqual(["a", null, null]);
    a.now = T0 + MINUTE;
    expect(a.after(0)).toEqual(["page a-1"]);
  });

  it("of equals goes on as the one that somebody has: one responder is enough", () => {
    const a = storyOf(failed("a", 0, { teamId: "a" }));
    const b = storyOf(failed("b", 30, { teamId: "b" }));
    b.do("b-2", { type: "acknowledge" });
    merge(a, b.open, third);
    const { teamId, acknowledgedBy, ackUntil } = a.open;
    expect([teamId, acknowledgedBy?.name, ackUntil]).toEqual(["b", "b-2", b.open.ackUntil]);
    expect([a.last?.cancels, a.after(5)]).toEqual([{ userId: null }, []]);
    a.now = b.open.ackUntil ?? 0;
    expect(a.after(0)).toEqual(["reminder b-2"]);
  });

  it("leaves it with who has the most severe, though the alert of the one that goes on ends with it", () => {
    const a = storyOf(failed("a", 0, { tier: 3, teamId: "a" }));
    const b = storyOf(failed("b", 30, { tier: 1, teamId: "b" }));
    b.do("b-1", { type: "acknowledge" });
    a.now = third.since;
    a.take([third, ended(failed("a", 0, { tier: 3, teamId: "a" }), a.now)], {
      sharedSourceId: "source",
      absorbs: [b.open],
    });
    expect([a.open.teamId, a.open.acknowledgedBy?.name]).toEqual(["b", "b-1"]);
  });

  it("of equals that nobody has goes on as the oldest", () => {
    const a = storyOf(failed("a", 0, { teamId: "a" }));
    merge(a, storyOf(failed("b", 30, { teamId: "b" })).open, failed("c", 40, { teamId: "b" }));
    expect([a.open.teamId, a.open.escalation]).toMatchObject([
      "a",
      { step: 1, nextAt: T0 + MINUTE },
    ]);
  });

  it("never waits for those of whom nobody can be woken, and pages what became more severe", () => {
    const gone = storyOf(failed("g", 0, { tier: 1, teamId: "gone" }));
    expect(gone.open.untold).toBe("nobody-to-tell");
    const b = storyOf(failed("b", 30, { teamId: "b" }));
    b.do("b-1", { type: "acknowledge" });
    expect(merge(gone, b.open, third)).toEqual(["page b-1"]);
    const { severity, teamId, acknowledgedBy, untold } = gone.open;
    expect([severity, teamId, acknowledgedBy, untold]).toEqual(["CRITICAL", "b", null, null]);
  });
});
