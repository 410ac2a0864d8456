import { describe, expect, it } from "vitest";
import type { Alert } from "../model/alert.ts";
import type { AlertingWorld, Policy } from "../model/policy.ts";
import { Story } from "./test-story.ts";
import { alertOf, ended, MINUTE, pageable, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);
const EVERYBODYS = { webhookId: "all", name: "Operations chat" };
const OF_TEAM: Readonly<Record<string, Policy>> = {
  lending: { people: [pageable("ann"), pageable("ben")], webhooks: [EVERYBODYS] },
  payments: {
    people: [pageable("pia"), pageable("ben")],
    webhooks: [EVERYBODYS, { webhookId: "p", name: "Payments chat" }],
  },
};

function world(): AlertingWorld {
  const none = { people: [], webhooks: [] };
  return { ...worldOf(), policyOf: (teamId) => OF_TEAM[teamId] ?? none };
}

function given(alert: Alert, teamId: string): Alert {
  return { ...alert, version: alert.version + 1, card: { ...alert.card, teamId } };
}

describe("a job that becomes another team's", () => {
  it("[INC-22] is paged to the new team from then on, and its timeline says so", () => {
    const story = new Story(world());
    expect(story.take([FAILED])).toEqual(["page Operations chat", "page ann"]);
    expect([story.after(1), story.after(2)]).toEqual([["page ann"], []]);
    expect(story.take([given(FAILED, "payments")])).toEqual(["page Payments chat"]);
    // What a webhook of every team was not told yet it is still to hear.
    const cancels = { userId: null, sparesWebhooks: true };
    expect([story.open.teamId, story.last?.cancels]).toEqual(["payments", cancels]);
    expect(story.last?.events.map(({ kind, text }) => [kind, text])).toEqual([
      ["reassigned", "payments"],
    ]);
    expect([story.after(1), story.after(1), story.after(4)]).toEqual([
      ["page pia"],
      ["page pia"],
      ["page ben"],
    ]);
  });

  it("[INC-22] who has it keeps it, then the new team is paged", () => {
    const story = new Story(world());
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    expect(story.take([given(FAILED, "payments")])).toEqual(["update Payments chat"]);
    expect([story.open.acknowledgedBy?.name, story.last?.cancels]).toEqual(["ann", null]);
    story.after(60);
    expect(story.after(10)).toEqual(["page pia"]);
  });

  it("[INC-22] what nobody could be told of is told at once where the new team can be", () => {
    const story = new Story(world());
    story.take([given(FAILED, "nobody")]);
    expect(story.open.untold).toBe("nobody-to-tell");
    const sent = story.take([given(given(FAILED, "x"), "payments")]);
    expect(sent).toEqual(["page Operations chat", "page Payments chat", "page pia"]);
    expect(story.open.untold).toBeNull();
  });

  it("[INC-22] is told in the order of the new team's list, not of the former's", () => {
    const story = new Story(world());
    story.take([FAILED, alertOf("b", T0)], { sharedSourceId: "source" });
    const severe = alertOf("c", T0 + MINUTE, { teamId: "payments", tier: 1 });
    story.now += MINUTE;
    // Somebody of both lists was counted in the former's.
    expect(story.take([severe])).toContain("page pia");
    expect([story.open.teamId, story.sent.includes("page ben")]).toEqual(["payments", false]);
  });

  it("[INC-22] what fires of another team alone is that team's once it may be told", () => {
    let pages = false;
    const story = new Story({
      ...world(),
      sourceOf: (sourceId) => ({
        name: sourceId,
        environment: "PROD",
        pagingMode: sourceId === "source" || pages ? "PAGING" : "WATCHING",
      }),
    });
    story.take([FAILED]);
    story.take([alertOf("b", T0, { teamId: "payments", sourceId: "watched" })]);
    story.take([ended(FAILED, T0)]);
    expect(story.open.teamId).toBe("lending");
    pages = true;
    expect(story.after(2)).toContain("page pia");
    expect([story.open.teamId, story.kinds.includes("reassigned")]).toEqual(["payments", true]);
  });

  it("[INC-22] another job of the incident does not take it along", () => {
    const story = new Story(world());
    const other = alertOf("b", T0 + MINUTE);
    story.take([FAILED, other]);
    expect(story.take([given(other, "payments")])).toEqual([]);
    expect([story.open.teamId, story.after(1)]).toEqual(["lending", ["page ann"]]);
  });

  it("[INC-22] attempts that are said to be the new team's one after the other hand it over once", () => {
    const story = new Story(world());
    const second = alertOf("a", T0 + MINUTE, { attempt: 2 });
    story.take([FAILED]);
    story.take([second]);
    story.take([given(second, "payments")]);
    expect(story.open.teamId).toBe("lending");
    story.take([given(FAILED, "payments")]);
    expect([story.open.teamId, story.kinds]).toEqual(["payments", ["reassigned"]]);
    story.take([given(given(second, "x"), "payments")]);
    expect(story.kinds).toEqual([]);
  });
});
