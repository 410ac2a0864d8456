import { describe, expect, it } from "vitest";
import type { AlertingWorld, Policy } from "../model/policy.ts";
import { Story } from "./test-story.ts";
import { alertOf, ended, MINUTE, pageable, recoveringWith, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0, { message: "Settlement file missing" });
const OF_TEAM: Readonly<Record<string, Policy>> = {
  lending: { people: [pageable("ann"), pageable("ben")], webhooks: [] },
  payments: {
    people: [pageable("pia"), pageable("paul")],
    webhooks: [{ webhookId: "p", name: "Payments chat" }],
  },
};

function world(): AlertingWorld {
  const none = { people: [], webhooks: [] };
  return { ...worldOf(), policyOf: (teamId) => OF_TEAM[teamId] ?? none };
}

/** A job of payments that waits for the failed one, as it joins. */
function joinedBy(story: Story, rule: "failed" | "missed", tier = 2) {
  const alert = alertOf("b", story.now, { teamId: "payments", tier, message: "Ledger" }, rule);
  story.take([], { alerts: [{ alert, consequence: true }], groupKey: story.open.groupKey });
  return alert;
}

describe("a job of another team that joins", () => {
  it("[INC-23] tells its team once, wakes nobody, and leaves who has it in peace", () => {
    const story = new Story(world());
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    joinedBy(story, "missed");
    expect([story.sent.toSorted(), story.reasons]).toEqual([
      ["update Payments chat", "update pia"],
      ["consequence"],
    ]);
    expect(story.texts[0]).toEqual([
      "AFFECTED Job b",
      "Cause: FAILED Job a. ann has it. Nothing to do yet.",
    ]);
    expect(story.open.acknowledgedBy?.name).toBe("ann");
    const more = alertOf("c", story.now, { teamId: "payments" }, "missed");
    story.take([], { alerts: [{ alert: more, consequence: true }] });
    expect(story.sent).toEqual([]);
  });

  it("[INC-4] [INC-23] pages again only where it is more severe", () => {
    const story = new Story(world());
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    joinedBy(story, "missed", 1);
    expect(story.sent.toSorted()).toEqual(["page ann", "update Payments chat", "update pia"]);
    expect(story.open.acknowledgedBy).toBeNull();
  });

  it("[INC-20] [INC-23] tells its team when what was kept quiet may be told", () => {
    let pagingMode: "WATCHING" | "PAGING" = "WATCHING";
    const sourceOf = () => ({ name: "Night", environment: "PROD" as const, pagingMode });
    const story = new Story({ ...world(), sourceOf });
    story.take([FAILED]);
    joinedBy(story, "missed");
    expect(story.sent).toEqual([]);
    pagingMode = "PAGING";
    expect(story.after(1).toSorted()).toEqual(["page ann", "update Payments chat", "update pia"]);
  });

  it("[INC-23] one that would wake nobody is for the webhook alone", () => {
    const story = new Story(world());
    story.take([FAILED]);
    joinedBy(story, "missed", 3);
    expect(story.sent).toEqual(["update Payments chat"]);
  });

  it("[INC-23] its end is told to all of them, in nobody's words but the names", () => {
    const story = new Story(world());
    story.take([FAILED]);
    const waits = joinedBy(story, "missed");
    story.take([ended(FAILED, story.now), ended(waits, story.now)]);
    expect(story.sent.toSorted()).toEqual([
      "recovered Payments chat",
      "recovered ann",
      "recovered pia",
    ]);
    expect(story.notifications.at(-1)?.card).toMatchObject({ jobName: "Job a", message: null });
  });
});

describe("what another team's job has of its own once the cause is over", () => {
  it("[INC-22] a failure is that team's to be paged for", () => {
    const story = new Story(world());
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    joinedBy(story, "failed");
    story.now += 10 * MINUTE;
    expect(story.take([ended(FAILED, story.now)])).toEqual(["page Payments chat"]);
    expect([story.open.teamId, story.open.acknowledgedBy]).toEqual(["payments", null]);
    expect([story.after(1), story.after(1), story.after(4)]).toEqual([
      ["page pia"],
      ["page pia"],
      ["page paul"],
    ]);
  });

  it("[INC-22] what only waited has ten minutes to begin", () => {
    const story = new Story(world());
    story.take([FAILED]);
    const second = recoveringWith(FAILED, 2, T0);
    story.take([second]);
    story.do("ann", { type: "back-to-bed" });
    joinedBy(story, "missed");
    story.take([ended(second, story.now)]);
    expect([story.open.teamId, story.after(9), story.after(1)]).toEqual([
      "payments",
      [],
      ["page pia"],
    ]);
  });
});
