import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alert } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import { ownKeyOf } from "./group-keys.ts";
import { groupAlerts, type Group, type PlacedAlert } from "./grouping.ts";
import { OpenIncidents } from "./open-incidents.ts";
import { Story } from "./test-story.ts";
import { alertOf, ended, inputOf, SECOND, T0 } from "./test-incidents.ts";

const placed = (alert: Alert, more: Partial<PlacedAlert> = {}): PlacedAlert => ({
  alert,
  groupKey: ownKeyOf(alert.card),
  upstream: [],
  past: null,
  ...more,
});
/** A source of its own, so that nothing is shared. */
const alone = (jobId: string, since = T0, card = {}) =>
  alertOf(jobId, since, { sourceId: `source of ${jobId}`, ...card });

function openOf(...alerts: readonly (readonly Alert[])[]): OpenIncidents {
  const open = new OpenIncidents();
  for (const [index, members] of alerts.entries()) {
    const story = new Story();
    story.now = T0 + index;
    story.step(inputOf(members));
    open.put(story.open);
  }
  return open;
}

const jobsOf = ({ taken }: Group) => taken.map(({ alert }) => alert.card.jobId);
const named = (incident: Incident | null) => incident?.members[0]?.card.jobId ?? null;
const summary = (groups: readonly Group[]) =>
  groups.map((group) => [named(group.incident), ...jobsOf(group)]);

describe("alerts of one cause", () => {
  it("[INC-5] attempts of one instance are one, those of another date are not", () => {
    const second = alone("a", T0 + 1, { attempt: 2 });
    const tomorrow = alone("a", T0 + 2, { instanceKey: "2026-11-25", executionId: "other" });
    const { groups } = groupAlerts(
      [second, tomorrow].map((one) => placed(one)),
      openOf([alone("a")]),
    );
    expect(summary(groups)).toEqual([
      ["a", "a"],
      [null, "a"],
    ]);
  });

  it("[INC-5] a job due every five minutes that fails each time is one, in one batch and over hours", () => {
    const at = (minute: number) =>
      alone("a", T0 + minute * 60 * SECOND, {
        instanceKey: `run:${minute}`,
        executionId: `${minute}`,
      });
    const together = groupAlerts(
      [0, 5, 10].map((minute) => placed(at(minute))),
      openOf(),
    );
    expect(summary(together.groups)).toEqual([[null, "a", "a", "a"]]);
    const open = openOf([0, 5, 55].map(at));
    expect(summary(groupAlerts([placed(at(100))], open).groups)).toEqual([["a", "a"]]);
    expect(summary(groupAlerts([placed(at(120))], open).groups)).toEqual([[null, "a"]]);
  });

  it("[INC-5] runs below one ancestor are one with it, whichever is told first", () => {
    const key = "job:root/2026-11-24";
    const child = placed(alone("child", T0), { groupKey: key });
    const root = placed(alone("root", T0 + 1));
    expect(summary(groupAlerts([root, child], openOf()).groups)).toEqual([[null, "child", "root"]]);
    const late = placed(alone("late", T0 + 2), { groupKey: key });
    expect(summary(groupAlerts([late], openOf([root.alert])).groups)).toEqual([["root", "late"]]);
  });

  it("[INC-6] what waits for a job with an open incident joins it as a consequence", () => {
    const waits = placed(alone("b", T0 + 1), { upstream: ["x", "a"] });
    const open = groupAlerts([waits], openOf([alone("a")])).groups;
    expect([summary(open), open[0]?.taken[0]?.consequence]).toEqual([[["a", "b"]], true]);
    const together = groupAlerts([waits, placed(alone("a"))], openOf()).groups;
    expect(summary(together)).toEqual([[null, "a", "b"]]);
    expect(together[0]?.taken.map(({ consequence }) => consequence)).toEqual([false, true]);
  });

  it("[INC-6] a job that ended well holds nobody any more", () => {
    const over = new OpenIncidents();
    const story = new Story();
    const a = alone("a");
    story.step(inputOf([a, alone("c")]));
    story.step(inputOf([ended(a, T0 + 1)]));
    over.put(story.open);
    const waits = placed(alone("b", T0 + 2), { upstream: ["a"] });
    expect(summary(groupAlerts([waits], over).groups)).toEqual([[null, "b"]]);
  });

  it("[INC-7] three jobs of one source within two minutes are one, two are not", () => {
    const at = (jobId: string, seconds: number) => placed(alertOf(jobId, T0 + seconds * SECOND));
    const two = groupAlerts([at("a", 0), at("b", 10)], openOf()).groups;
    expect(two.map(({ sharedSourceId }) => sharedSourceId)).toEqual([null, null]);
    const three = groupAlerts([at("a", 0), at("b", 60), at("c", 120)], openOf()).groups;
    expect([summary(three), three[0]?.sharedSourceId]).toEqual([[[null, "a", "b", "c"]], "source"]);
    const slow = groupAlerts([at("a", 0), at("b", 60), at("c", 121)], openOf()).groups;
    expect(slow.length).toBe(3);
    const attempts = groupAlerts([at("a", 0), at("a", 1), at("b", 2)], openOf()).groups;
    expect(attempts.every(({ sharedSourceId }) => sharedSourceId === null)).toBe(true);
  });

  it("[INC-7] the oldest incident takes the others in", () => {
    const a = alertOf("a", T0);
    const b = alertOf("b", T0 + SECOND);
    const open = openOf([b], [a]);
    const { groups } = groupAlerts([placed(alertOf("c", T0 + 2 * SECOND))], open);
    expect(summary(groups)).toEqual([["b", "c"]]);
    expect(groups[0]?.absorbs.map(named)).toEqual(["a"]);
  });

  it("[INC-15] what a person closed makes no new one until it begins anew", () => {
    const story = new Story();
    const alert = alone("a");
    story.take([alert]);
    story.do("ann", { type: "resolve", reason: "Known" });
    const past = story.open;
    const again = { ...alert, version: 2, incidentId: past.incidentId };
    const { groups, settled } = groupAlerts([placed(again, { past })], openOf());
    expect([groups, settled]).toEqual([
      [],
      [{ alertId: alert.alertId, handledVersion: 2, reason: null }],
    ]);
    const anew = { ...again, openings: 2, version: 4, incidentId: null };
    expect(summary(groupAlerts([placed(anew)], openOf()).groups)).toEqual([[null, "a"]]);
  });

  it("[INC-3] every alert goes somewhere, once, whatever the batch", () => {
    const alert = fc
      .record({
        job: fc.constantFrom("a", "b", "c", "d", "e", "f"),
        attempt: fc.integer({ min: 1, max: 3 }),
        since: fc.integer({ min: 0, max: 400 }),
        source: fc.constantFrom("s", "t"),
        over: fc.boolean(),
        upstream: fc.subarray(["a", "b", "c"]),
      })
      .map(({ job, attempt, since, source, over, upstream }) => {
        const made = alertOf(job, T0 + since * SECOND, { attempt, sourceId: source });
        return placed(over ? ended(made, T0 + 500 * SECOND) : made, { upstream });
      });
    const batch = fc.uniqueArray(alert, { selector: (one) => one.alert.alertId, maxLength: 12 });
    fc.assert(
      fc.property(batch, batch, (first, then) => {
        const open = openOf(
          ...first.filter(({ alert: one }) => one.firing).map((one) => [one.alert]),
        );
        const { groups, settled, waiting } = groupAlerts(then, open);
        const taken = groups.flatMap((group) => group.taken.map((one) => one.alert.alertId));
        const places = [...taken, ...settled.map(({ alertId }) => alertId)];
        expect(waiting).toEqual([]);
        expect(places.toSorted()).toEqual(then.map(({ alert: one }) => one.alertId).toSorted());
        const incidents = groups.flatMap(({ incident, absorbs }) => [
          ...(incident === null ? [] : [incident.incidentId]),
          ...absorbs.map(({ incidentId }) => incidentId),
        ]);
        expect(new Set(incidents).size).toBe(incidents.length);
        const keys = groups
          .filter(({ incident }) => incident === null)
          .map(({ groupKey }) => groupKey);
        expect(new Set(keys).size).toBe(keys.length);
        for (const key of keys) expect(open.byKey(key)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
