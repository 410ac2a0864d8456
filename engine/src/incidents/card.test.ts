import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RULES } from "../model/alert.ts";
import type { Evidence } from "../model/evidence.ts";
import { CAUSE_KINDS, type Incident } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import { NOTIFICATION_KINDS } from "../model/notification.ts";
import { cardOf } from "./card.ts";
import { memberOf } from "./members.ts";
import { middle } from "./short-text.ts";
import { Story } from "./test-story.ts";
import { alertOf, contextOf, MINUTE, pageable, T0, worldOf } from "./test-incidents.ts";
import { TEXT_LENGTHS } from "./texts.ts";

const text = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength }),
    fc.string({ unit: "binary", maxLength }),
    fc.string({
      unit: fc.constantFrom("\u0001", '"', "😀", "\ud800", "€", " "),
      maxLength,
      minLength: maxLength,
    }),
  );
const time = fc.integer({ min: T0 - 1e9, max: T0 + 1e9 });
const iso = time.map((at) => new Date(at).toISOString());
const evidence: fc.Arbitrary<Evidence> = fc.oneof(
  fc.record({
    code: fc.constant("not-started" as const),
    expectedAt: iso,
    graceMs: fc.nat(1e8),
    graceOrigin: fc.constant("SET" as const),
    announced: fc.boolean(),
  }),
  fc.record({
    code: fc.constant("standing-still" as const),
    stage: fc.constant(null),
    lastCommitAt: iso,
    usualGapMs: fc.option(fc.nat(1e9)),
    limitMs: fc.nat(1e8),
    limitOrigin: fc.constant("SET" as const),
  }),
);
const alert = fc
  .record({
    rule: fc.constantFrom(...RULES),
    since: time,
    card: fc.record({
      jobName: text(LIMITS.nameLength),
      message: fc.option(text(200)),
      stage: fc.option(text(LIMITS.nameLength)),
      firstStep: fc.option(text(LIMITS.settingTextLength)),
      runbookUrl: fc.option(text(LIMITS.urlLength)),
      attempt: fc.integer({ min: 1, max: 1e6 }),
      evidence: fc.array(evidence, { maxLength: 2 }),
    }),
  })
  .map(({ rule, since, card }) => alertOf("a", since, card, rule));
const wording = fc.oneof(
  fc.constant({ type: "news" as const }),
  fc.record({
    type: fc.constant("escalated" as const),
    from: text(100),
    waitedMs: fc.option(fc.nat(1e9)),
  }),
  fc.constant({ type: "reminder" as const }),
  fc.record({
    type: fc.constant("ended" as const),
    how: fc.constantFrom("cleared" as const, "retracted" as const, "retired" as const),
    at: time,
    attempt: fc.option(fc.nat(1e6)),
  }),
);

describe("the card that travels with a notification", () => {
  it("[INC-17] keeps its bounds, whatever names and messages hold", () => {
    fc.assert(
      fc.property(
        fc.record({
          alerts: fc.array(alert, { minLength: 1, maxLength: 4 }),
          wording,
          kind: fc.constantFrom(...NOTIFICATION_KINDS),
          cause: fc.constantFrom(...CAUSE_KINDS),
          holder: fc.option(text(100)),
          next: text(100),
          jobs: fc.integer({ min: 1, max: 100_000 }),
          zone: fc.constantFrom(
            "UTC",
            "Europe/Berlin",
            "America/Argentina/ComodRivadavia",
            "Asia/Kolkata",
          ),
        }),
        ({ alerts, wording: said, kind, cause, holder, next, jobs, zone }) => {
          const members = alerts.map(memberOf);
          const incident: Incident = {
            ...incidentOf(),
            causeKind: cause,
            members,
            memberCount: members.length + jobs,
            acknowledgedBy: holder === null ? null : { userId: "h", name: holder },
            acknowledgedAt: holder === null ? null : T0,
            ackUntil: holder === null ? null : T0 + MINUTE,
          };
          const people = [pageable("ann"), { person: { userId: "n", name: next }, devices: ["d"] }];
          const context = { ...contextOf(T0, worldOf({ people })), zone };
          const about = members[members.length - 1];
          if (about === undefined) return;
          const card = cardOf(incident, kind, { ...said, about }, context);
          expect(card.title.length).toBeLessThanOrEqual(TEXT_LENGTHS.title);
          expect(card.body.length).toBeLessThanOrEqual(TEXT_LENGTHS.body);
          expect(card.body).not.toBe("");
          expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThanOrEqual(LIMITS.cardBytes);
          // An address is whole or not there.
          expect([about.card.runbookUrl, null]).toContain(card.runbookUrl);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("[INC-17] says everything where there is room", () => {
    const story = new Story();
    story.take([
      alertOf("a", T0, {
        message: "Settlement file missing",
        firstStep: "Ask the desk for the file",
        runbookUrl: "https://runbooks.example/a",
      }),
    ]);
    expect(story.notifications[0]?.card).toMatchObject({
      jobId: "a",
      jobName: "Job a",
      executionId: "a-run-1",
      cause: "FAILED",
      message: "Settlement file missing",
      firstStep: "Ask the desk for the file",
      runbookUrl: "https://runbooks.example/a",
      jobs: 1,
      nextAt: new Date(T0 + 5 * MINUTE).toISOString(),
      nextPerson: "ben",
      acknowledgedBy: null,
    });
  });
});

function incidentOf(): Incident {
  const story = new Story();
  story.take([alertOf("a", T0)]);
  return story.open;
}

describe("the words", () => {
  const words = (rule: (typeof RULES)[number], card: Parameters<typeof alertOf>[2]) => {
    const story = new Story();
    story.now = T0 + 20 * MINUTE;
    story.take([alertOf("a", T0, card, rule)]);
    return story.texts[0];
  };

  it("[INC-17] say job, what and since when, and leave out what is not known", () => {
    expect(
      words("failed", { message: "Settlement  file\nmissing", attempt: 2, stage: "load" }),
    ).toEqual(["FAILED Job a", "02:00 UTC Settlement file missing. Attempt 2. Stage load."]);
    expect(words("failed", {})).toEqual(["FAILED Job a", "Failed at 02:00 UTC."]);
    const due: Evidence = {
      code: "not-started",
      expectedAt: "2026-11-24T02:00:00.000Z",
      graceMs: 15 * MINUTE,
      graceOrigin: "SET",
      announced: false,
    };
    expect(words("missed", { evidence: [due] })).toEqual([
      "NOT STARTED Job a",
      "Due 02:00 UTC, grace over 02:15.",
    ]);
    const still: Evidence = {
      code: "standing-still",
      stage: "load",
      lastCommitAt: "2026-11-24T01:41:00.000Z",
      usualGapMs: 4_000,
      limitMs: 300_000,
      limitOrigin: "LEARNED",
    };
    expect(words("stalled", { evidence: [still] })).toEqual([
      "STALLED Job a",
      "No commit since 01:41 UTC, usual gap 4 s. Process may be dead.",
    ]);
  });

  it("[INC-17] a long name loses its middle", () => {
    expect(middle("LENDING_SETTLEMENT_EXTRACT_DAILY_EU", TEXT_LENGTHS.name)).toBe(
      "LENDING_SETTLE…RACT_DAILY_EU",
    );
    expect(middle("short", TEXT_LENGTHS.name)).toBe("short");
  });

  it("[INC-17] times are in the zone of the context, which is said once", () => {
    const story = new Story();
    story.now = Date.parse("2026-07-01T03:00:00.000Z");
    const since = Date.parse("2026-07-01T02:14:00.000Z");
    const { incident } = { incident: incidentOf() };
    const about = memberOf(alertOf("a", since));
    const context = { ...contextOf(story.now), zone: "Europe/Berlin" };
    expect(cardOf(incident, "page", { type: "news", about }, context).body).toBe(
      "Failed at 04:14 CEST.",
    );
    const old = memberOf(alertOf("a", since - 2 * 86_400_000));
    expect(cardOf(incident, "page", { type: "news", about: old }, context).body).toBe(
      "Failed at 29 Jun 04:14 CEST.",
    );
  });

  it("[S61] tells a team of another team's job in its incident the name, and none of its words", () => {
    const secret = { message: "Account 4711", stage: "secret stage", firstStep: "Ask cards" };
    const story = new Story();
    story.take([alertOf("own", T0, { message: "own words" })]);
    const other = alertOf("other", T0 + 1, { ...secret, teamId: "cards" });
    const incident = { ...story.open, members: [...story.open.members, memberOf(other)] };
    const cardAbout = (member: Incident["members"][number]) =>
      cardOf(incident, "page", { type: "news", about: member }, contextOf(T0));
    const foreign = JSON.stringify(cardAbout(memberOf(other)));
    expect(foreign).toContain("Job other");
    expect(foreign).not.toMatch(/4711|secret|Ask cards|other-run/);
    expect(JSON.stringify(cardAbout(story.open.members[0]!))).toContain("own words");
  });
});
