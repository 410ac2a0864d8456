import { describe, expect, it } from "vitest";
import type { UntoldReason } from "../model/alert.ts";
import { LIMITS } from "../model/limits.ts";
import { joinLevel } from "./join-level.ts";
import { sourceLevel } from "./source-level.ts";
import { Story } from "./test-story.ts";
import {
  alertOf,
  ended,
  HOOK,
  MINUTE,
  pageable,
  recoveringWith,
  T0,
  worldOf,
  type WorldOptions,
} from "./test-incidents.ts";

const FAILED = alertOf("a", T0, { message: "Settlement file missing" });

describe("who is told", () => {
  it("[INC-8] each person twice, one after the other, three rounds, then the first each half hour", () => {
    const story = new Story(worldOf({ people: [pageable("ann", 2), pageable("ben")] }));
    const times: [number, ...string[]][] = [[0, ...story.take([FAILED])]];
    for (let pages = 1; pages < 15; pages++) {
      story.now = story.open.nextDueAt ?? 0;
      times.push([(story.now - T0) / MINUTE, ...new Set(story.after(0))]);
    }
    expect(times).toEqual([
      ...[0, 10, 20].flatMap((start) => [
        [start, "page ann", ...(start === 0 ? ["page ann"] : [])],
        [start + 1, "page ann"],
        [start + 5, "page ben"],
        [start + 6, "page ben"],
      ]),
      [56, "page ann"],
      [86, "page ann"],
      [116, "page ann"],
    ]);
  });

  it("[INC-8] nothing is sent before it is due", () => {
    const story = new Story();
    story.take([FAILED]);
    expect([story.after(0.99), story.after(0.01)]).toEqual([[], ["page ann"]]);
  });

  it("[INC-8] those who cannot be woken are passed over without waiting", () => {
    const people = [pageable("ann", 0), pageable("ben"), pageable("carla", 0), pageable("dora")];
    const story = new Story(worldOf({ people }));
    expect([story.take([FAILED]), story.after(1), story.after(4), story.after(1)]).toEqual([
      ["page ben"],
      ["page ben"],
      ["page dora"],
      ["page dora"],
    ]);
    expect(story.after(4)).toEqual(["page ben"]);
  });

  const untold: readonly (readonly [UntoldReason, number, WorldOptions])[] = [
    ["alerts-off", 1, { alertsOn: false }],
    ["not-production", 1, { environment: "UAT" }],
    ["source-watching", 1, { pagingMode: "WATCHING" }],
    ["low-tier", 3, {}],
    ["nobody-to-tell", 2, { people: [pageable("ann", 0)] }],
  ];
  it.each(untold)("[INC-9] the incident is made all the same: %s", (reason, tier, options) => {
    const story = new Story(worldOf(options));
    expect(story.take([alertOf("a", T0, { tier })])).toEqual([]);
    expect([story.reasons, story.open.untold, story.open.state]).toEqual([
      [reason],
      reason,
      "OPEN",
    ]);
    expect(story.kinds).toContain("nobody-told");
  });

  it("[INC-9] a webhook is told of everything that may be told, a phone of what may wake", () => {
    const story = new Story(worldOf({ webhooks: [HOOK] }));
    expect(story.take([alertOf("a", T0, { tier: 4 })])).toEqual(["page Chat"]);
    expect([story.open.untold, story.open.nextDueAt]).toEqual([null, null]);
    expect(new Story(worldOf({ webhooks: [HOOK] })).take([FAILED])).toEqual([
      "page Chat",
      "page ann",
    ]);
  });

  it("[INC-9] once somebody can be told, they are, and the reason goes", () => {
    const story = new Story(worldOf({ people: [] }));
    story.take([FAILED]);
    expect(story.after(5)).toEqual([]);
    story.world = worldOf({ people: [pageable("ann")] });
    expect(story.after(5)).toEqual(["page ann"]);
    expect([story.open.untold, story.reasons]).toEqual([null, [null]]);
  });

  it("[INC-9] a silent source is one notice to all who run Batchwatch, and wakes nobody", () => {
    const interval = { intervalId: "i", sourceId: "core", from: T0, until: null };
    const level = sourceLevel({ ...interval, reason: "SOURCE_SILENT" }, null);
    const silent = level === null ? null : joinLevel(null, level);
    if (silent === null) throw new Error("A silent source is a level.");
    const platform = { people: [pageable("ops", 2), pageable("admin")], webhooks: [HOOK] };
    const story = new Story({ ...worldOf(), platformPolicy: platform });
    expect(story.take([silent])).toEqual(["page Chat", "update ops", "update ops", "update admin"]);
    expect(story.texts[1]).toEqual([
      "NO DATA FROM Source core",
      "Last seen 02:00 UTC. Its runs are unknown, not failed. Job teams are not paged.",
    ]);
    expect([story.open.untold, story.open.nextDueAt]).toEqual([null, null]);
    expect(story.take([ended(silent, T0 + MINUTE)]).length).toBe(4);
    const nobody = new Story({ ...worldOf(), platformPolicy: { people: [], webhooks: [] } });
    expect([nobody.take([silent]), nobody.open.untold]).toEqual([[], "nobody-to-tell"]);
  });

  it("[INC-3] who joins what was told of gives its reason; more severe is told again", () => {
    const story = new Story();
    story.take([FAILED]);
    const more = alertOf("b", T0 + 1, { tier: 3 });
    expect([story.take([more]), story.reasons]).toEqual([[], ["same-incident"]]);
    const consequence = { alert: alertOf("c", T0 + 2), consequence: true };
    story.step({ ...inputFor(story), alerts: [consequence] });
    expect([story.sent, story.reasons]).toEqual([[], ["consequence"]]);
    expect(story.take([alertOf("d", T0 + 3, { tier: 1 })])).toEqual(["page ann"]);
    expect([story.reasons, story.open.severity]).toEqual([[null], "CRITICAL"]);
    expect(story.open.members.map(({ reason }) => reason)).toEqual([
      undefined,
      "same-incident",
      "consequence",
      undefined,
    ]);
  });

  it("[INC-3] what ended before anybody handled it makes no incident", () => {
    const story = new Story();
    expect(story.take([ended(FAILED, T0 + 1)])).toEqual([]);
    expect([story.last?.incident, story.reasons]).toEqual([null, ["ended-before"]]);
  });
});

function inputFor(story: Story) {
  return {
    type: "alerts" as const,
    groupKey: story.open.groupKey,
    sharedSourceId: null,
    absorbs: [],
    counted: [],
  };
}

describe("who has it", () => {
  it("[INC-10] acknowledged, nothing more is sent and what waits is cancelled", () => {
    const story = new Story();
    story.take([FAILED]);
    expect(story.do("ben", { type: "acknowledge" })).toBe("done");
    expect([story.last?.cancels, story.open.state]).toEqual([{ userId: null }, "ACKNOWLEDGED"]);
    expect(story.open.nextDueAt).toBe(T0 + 60 * MINUTE);
    expect(story.after(59)).toEqual([]);
    expect(story.do("ann", { type: "acknowledge" })).toBe("someone-has-it");
    expect(story.do("ben", { type: "acknowledge" })).toBe("already-yours");
    expect(story.do("ann", { type: "unacknowledge" })).toBe("someone-has-it");
    expect(story.do("ann", { type: "take-over" })).toBe("done");
    expect(story.open.acknowledgedBy?.name).toBe("ann");
    expect(story.do("ann", { type: "unacknowledge" })).toBe("done");
    expect(story.do("ann", { type: "unacknowledge" })).toBe("not-acknowledged");
    expect(story.after(1)).toEqual(["page ann"]);
  });

  it("[INC-10] what wakes nobody is held for four hours", () => {
    const story = new Story(worldOf({ webhooks: [HOOK] }));
    story.take([alertOf("a", T0, { tier: 3 })]);
    story.do("ann", { type: "acknowledge" });
    expect(story.open.ackUntil).toBe(T0 + 240 * MINUTE);
  });

  it("[INC-11] 'Still yours?', and ten minutes later the page goes on to the next person", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    expect(story.after(60)).toEqual(["reminder ann"]);
    expect(story.texts).toEqual([
      [
        "STILL YOURS? Job a",
        "Acknowledged 02:00 UTC, no restart seen. Answer within 10 min or ben is paged.",
      ],
    ]);
    expect(story.after(9)).toEqual([]);
    expect(story.after(1)).toEqual(["page ben"]);
    expect([story.open.state, story.kinds]).toEqual([
      "OPEN",
      ["acknowledgement-over", "escalated"],
    ]);
  });

  it("[INC-11] the answer to 'Still yours?' holds it for as long again", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    story.after(60);
    story.now += 5 * MINUTE;
    expect(story.do("ann", { type: "acknowledge" })).toBe("done");
    expect(story.open.nextDueAt).toBe(story.now + 60 * MINUTE);
  });

  it("[INC-12] the snoozer is left alone, the others are paged, then the snoozer again", () => {
    const story = new Story();
    story.take([FAILED]);
    const until = T0 + 30 * MINUTE;
    expect(story.do("ann", { type: "snooze", untilMs: until })).toBe("done");
    expect(story.after(1)).toEqual(["page ben"]);
    expect(story.after(1)).toEqual(["page ben"]);
    expect(story.do("ben", { type: "snooze", untilMs: until })).toBe("not-snoozable");
    story.now = until;
    expect(story.after(0)).toEqual(["page ann"]);
    expect(story.open.snoozedBy).toBeNull();
  });

  it("[INC-12] a snooze gives back what one has, and has bounds", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    for (const untilMs of [T0, T0 + 241 * MINUTE]) {
      expect(story.do("ann", { type: "snooze", untilMs })).toBe("not-snoozable");
    }
    expect(story.do("ben", { type: "snooze", untilMs: T0 + MINUTE })).toBe("someone-has-it");
    expect(story.do("ann", { type: "snooze", untilMs: T0 + 5 * MINUTE })).toBe("done");
    expect(story.open.state).toBe("OPEN");
    expect(story.after(1)).toEqual(["page ben"]);
  });

  it("[INC-14] escalated, the next person is paged at once, and the one who had it has it no more", () => {
    const story = new Story();
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    expect(story.do("ann", { type: "escalate" })).toBe("done");
    expect([story.sent, story.open.state]).toEqual([["page ben"], "OPEN"]);
    expect(story.texts).toEqual([
      [
        "ESCALATED TO YOU Job a",
        "ann asks for you. Failed since 02:00 UTC. Settlement file missing.",
      ],
    ]);
    expect(story.after(1)).toEqual(["page ben"]);
  });

  it("[INC-14] with nobody else to page it changes nothing", () => {
    const story = new Story(worldOf({ people: [pageable("ann")] }));
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    const before = story.open;
    expect(story.do("ann", { type: "escalate" })).toBe("nobody-left");
    expect({ ...story.open, version: before.version }).toEqual(before);
  });

  it("[INC-8] who does not answer is named to the next", () => {
    const story = new Story();
    story.take([FAILED]);
    story.after(1);
    expect(story.after(4)).toEqual(["page ben"]);
    expect(story.texts[0]?.[1]).toMatch(
      /^ann has not answered for 5 min\. Failed since 02:00 UTC\./,
    );
  });
});

describe("how it ends", () => {
  it("[INC-13] back to bed: only the new attempt's failure wakes, and first the one who had it", () => {
    const story = new Story();
    story.take([FAILED]);
    expect(story.do("ben", { type: "back-to-bed" })).toBe("not-recovering");
    story.do("ben", { type: "acknowledge" });
    const second = recoveringWith(FAILED, 2, T0 + 5 * MINUTE);
    expect([story.take([second]), story.open.state]).toEqual([[], "RECOVERING"]);
    expect(story.do("ben", { type: "back-to-bed" })).toBe("done");
    expect(story.open.nextDueAt).toBe(T0 + 120 * MINUTE);
    story.now += 100 * MINUTE;
    const gone = { ...second, version: 3, card: FAILED.card };
    const again = alertOf("a", story.now, { attempt: 2, message: "Again" });
    expect(story.take([gone, again])).toEqual(["page ben"]);
    expect([story.open.state, story.open.acknowledgedBy]).toEqual(["OPEN", null]);
    expect(story.kinds).toContain("attempt-failed");
    expect(story.texts).toEqual([["FAILED Job a", "03:40 UTC Again. Attempt 2."]]);
    expect(story.after(1)).toEqual(["page ben"]);
    expect(story.after(4)).toEqual(["page carla"]);
  });

  it("[INC-13] a stalled new attempt wakes as well", () => {
    const story = new Story();
    story.take([FAILED]);
    story.take([recoveringWith(FAILED, 2, T0 + MINUTE)]);
    story.do("ann", { type: "back-to-bed" });
    const stalled = alertOf("a", T0 + 30 * MINUTE, { attempt: 2 }, "stalled");
    expect(story.take([stalled])).toEqual(["page ann"]);
    expect(story.open.state).toBe("OPEN");
  });

  it("[INC-13] an attempt that vanishes is none: the ladder goes on", () => {
    const story = new Story();
    story.take([FAILED]);
    const second = recoveringWith(FAILED, 2, T0 + MINUTE);
    story.take([second]);
    expect(story.after(20)).toEqual([]);
    story.take([{ ...second, version: 3, card: FAILED.card }]);
    expect([story.open.state, story.after(1)]).toEqual(["OPEN", ["page ann"]]);
  });

  it("[INC-13] a new attempt holds the ladder of what nobody has, not for ever", () => {
    const story = new Story();
    story.take([FAILED]);
    story.take([recoveringWith(FAILED, 2, T0)]);
    expect([story.after(29), story.after(1)]).toEqual([[], ["page ann"]]);
  });

  it("[INC-15] cured: those who were told, and the one who has it, are told once that it is over", () => {
    const story = new Story(worldOf({ webhooks: [HOOK] }));
    story.take([FAILED]);
    story.do("carla", { type: "acknowledge" });
    const second = recoveringWith(FAILED, 2, T0 + MINUTE);
    story.take([second]);
    story.now += 128 * MINUTE;
    const sent = story.take([ended(second, story.now)]);
    expect(sent.toSorted()).toEqual(["recovered Chat", "recovered ann", "recovered carla"]);
    expect(story.texts[0]).toEqual([
      "RECOVERED Job a",
      "Attempt 2 completed 04:08 UTC. Nothing left to do.",
    ]);
    const { state, resolution, nextDueAt, resolvedAt } = story.open;
    expect([state, resolution, nextDueAt, resolvedAt]).toEqual([
      "RESOLVED",
      "cleared",
      null,
      story.now,
    ]);
    expect(story.do("ann", { type: "acknowledge" })).toBe("already-resolved");
    expect(story.do("ann", { type: "comment", text: "Late file again" })).toBe("done");
    expect(story.after(600)).toEqual([]);
  });

  it("[INC-15] it is over when all of it is, cured as soon as one was", () => {
    const story = new Story();
    const other = alertOf("b", T0 + 1);
    story.take([FAILED, other]);
    expect([story.take([ended(FAILED, T0 + 2)]), story.open.state]).toEqual([[], "OPEN"]);
    story.take([ended(other, T0 + 3, "retracted")]);
    expect([story.open.state, story.open.resolution]).toEqual(["RESOLVED", "cleared"]);
  });

  it.each([
    ["retracted", "retracted", "RETRACTED Job a"],
    ["retired", "recovered", "RETIRED Job a"],
  ] as const)("[INC-15] %s is said as what it is", (ending, kind, title) => {
    const story = new Story();
    story.take([FAILED]);
    expect(story.take([ended(FAILED, T0 + 2, ending)])).toEqual([`${kind} ann`]);
    expect([story.texts[0]?.[0], story.open.resolution]).toEqual([title, ending]);
  });

  it("[INC-15] a person closes it with a reason; nobody is told", () => {
    const story = new Story();
    story.take([FAILED]);
    expect(story.do("ann", { type: "resolve", reason: "Known, ticket 4711" })).toBe("done");
    const { resolution, resolvedBy, resolutionReason } = story.open;
    expect([resolution, resolvedBy?.name, resolutionReason]).toEqual([
      "person",
      "ann",
      "Known, ticket 4711",
    ]);
    expect([story.sent, story.last?.cancels]).toEqual([[], { userId: null }]);
  });

  it("[INC-19] more alerts than it lists are counted, and it ends only when none of them fires", () => {
    const story = new Story();
    const alerts = Array.from({ length: LIMITS.incidentMembers + 20 }, (_, index) =>
      alertOf(`job-${index}`, T0 + index),
    );
    story.take(alerts);
    expect([story.open.members.length, story.open.memberCount]).toEqual([
      LIMITS.incidentMembers,
      LIMITS.incidentMembers + 20,
    ]);
    const { incidentId } = story.open;
    const listed = alerts
      .slice(0, LIMITS.incidentMembers)
      .map((alert) => ended(alert, T0 + MINUTE));
    const counted = alerts
      .slice(LIMITS.incidentMembers)
      .map((alert) => ({ ...alert, incidentId, reason: "same-incident" as const }));
    expect(story.take(listed, { counted })).toEqual([]);
    expect(story.open.state).toBe("OPEN");
    expect(story.open.members.filter(({ firing }) => firing).length).toBe(20);
    story.take(counted.map((alert) => ended(alert, T0 + 2 * MINUTE)));
    expect([story.open.state, story.open.memberCount]).toEqual([
      "RESOLVED",
      LIMITS.incidentMembers + 20,
    ]);
  });
});
