import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { RuleName } from "../model/alert.ts";
import type { RunState } from "../model/run.ts";
import { nightPlan } from "./night-plan.ts";
import { DUTY_OPERATOR, NightDesk } from "./test-night-desk.ts";
import { transcriptOf } from "./test-night-transcript.ts";
import { piecesOfNight, type TimedPiece } from "./test-night.ts";

const NIGHT = { seed: 7, businessDate: "2026-11-23", startsAt: Date.UTC(2026, 10, 23, 21) };
const SECOND_MS = 1_000;
const RULE_OF: Readonly<Partial<Record<RunState, RuleName>>> = {
  failed: "failed",
  late: "missed",
  stalled: "stalled",
};

/** Nobody answers; or the Duty Operator does. */
let silent: NightDesk;
let answered: NightDesk;
beforeAll(async () => {
  const pieces = piecesOfNight(NIGHT);
  silent = await played(pieces, null);
  answered = await played(pieces, 40 * SECOND_MS);
}, 120_000);

async function played(
  pieces: readonly TimedPiece[],
  acknowledgeAfterMs: number | null,
): Promise<NightDesk> {
  const night = new NightDesk({ acknowledgeAfterMs });
  await night.play(pieces);
  expect(night.errors).toEqual([]);
  expect(await night.stores.outbox.counts()).toMatchObject({ pending: 0, dead: 0 });
  return night;
}

/** To write the file anew, set UPDATE_TRANSCRIPTS=1, then read what changed as the one who is woken would. */
function expectTranscript(file: string, transcript: string): void {
  const url = new URL(file, import.meta.url);
  if (process.env["UPDATE_TRANSCRIPTS"] === "1") writeFileSync(url, transcript);
  expect(transcript).toBe(readFileSync(url, "utf8"));
}

/** What the plan means to go wrong, from the plan and not from the facts: `job rule`. */
function plannedTroubles(): readonly string[] {
  const plan = nightPlan(NIGHT);
  const troubles = new Set<string>();
  for (let at = plan.opensAt; at <= plan.endsAt; at += 10 * SECOND_MS) {
    for (const [job, state] of plan.expectedStates(at)) {
      const rule = RULE_OF[state];
      if (rule !== undefined) troubles.add(`${job} ${rule}`);
    }
  }
  return [...troubles].sort();
}

describe("the sample night, as it is paged", () => {
  test("[INC-3, INC-8, INC-13, INC-15] nobody answers: every word that is sent is the transcript's", () => {
    const title = "The sample night. Nobody answers.";
    expectTranscript("night-transcript.txt", transcriptOf(title, silent));
  });

  test("[INC-10, INC-11] the first page is acknowledged after 40 s: the repeat and the next person are not paged", () => {
    const title = "The sample night. The Duty Operator acknowledges each first page after 40 s.";
    expectTranscript("night-acknowledged-transcript.txt", transcriptOf(title, answered));
    for (const {
      incidentId,
      acknowledgedAt,
      openedAt,
    } of answered.stores.tables.incidents.values()) {
      const pages = answered.received
        .filter(({ notification }) => notification.incidentId === incidentId)
        .filter(({ notification }) => notification.kind === "page")
        .filter(({ at }) => at < openedAt + 3_600 * SECOND_MS);
      expect(pages.map(({ notification }) => notification.receiver).sort()).toEqual([
        DUTY_OPERATOR.name,
        "Operations chat",
      ]);
      expect(acknowledgedAt ?? openedAt + 40 * SECOND_MS).toBe(openedAt + 40 * SECOND_MS);
    }
  });

  test("[INC-3, INC-6] each planned trouble is in exactly one incident, and nothing else is in any", () => {
    const { alerts, incidents } = silent.stores.tables;
    const members = [...incidents.values()].flatMap((incident) => incident.members);
    const inIncidents = members.map(({ card, rule }) => `${card.jobName} ${rule}`);
    expect(inIncidents.toSorted()).toEqual(plannedTroubles());
    expect(inIncidents).toHaveLength(11);
    expect([...alerts.keys()].toSorted()).toEqual(members.map(({ alertId }) => alertId).toSorted());
  });

  test("[INC-8, INC-18] each incident is told within a second of its trouble, and no message twice", () => {
    const { received, stores } = silent;
    for (const incident of stores.tables.incidents.values()) {
      const first = received.find(
        ({ notification }) => notification.incidentId === incident.incidentId,
      );
      const since = incident.members[0]?.since ?? 0;
      expect(first?.at).toBeGreaterThanOrEqual(since);
      expect(first?.at).toBeLessThanOrEqual(since + SECOND_MS);
    }
    const ids = received.map(({ notification }) => notification.notificationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
