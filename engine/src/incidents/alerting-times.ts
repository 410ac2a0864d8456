import type { Severity } from "../model/incident.ts";
import { wakes } from "./severity.ts";

const MINUTE_MS = 60_000;

/** Times of the incident machine, milliseconds. */
export const ALERTING_TIMES = {
  /** The same person is pushed a second time this long after the first. */
  secondPushMs: 60_000,
  /** The next person this long after the second push: 300 s after the first. */
  nextPersonMs: 240_000,
  /** After the rounds the first person is paged again each. */
  repeatMs: 1_800_000,
  /** Somebody gave it back, or an attempt vanished: the ladder goes on after this. */
  resumeMs: 60_000,
  /** An attempt cured what it was about: what waited for that has this long to begin before the ladder goes on. */
  followersMs: 600_000,
  /** How often it is looked again whether anybody can be told. */
  recheckMs: 300_000,
  /** Alerts of one job that began within this of each other are one incident: a job due every five minutes pages once. */
  sameJobMs: 3_600_000,
  /** What is found so soon after a source came back is of its silence. */
  returnMs: 600_000,
  /** A new attempt holds the ladder of an incident that nobody has for this long, not for ever. */
  recoveryPatienceMs: 1_800_000,
  /** Back to bed holds for so long where no run budget is set on the job, or it is over. */
  bedMs: 7_200_000,
  /** It holds for the attempt's budget, never longer than a night. */
  bedMostMs: 43_200_000,
  /** Clocks of two processes may differ by as much: nobody waits longer for it. */
  clockSlackMs: 5_000,
  /** After "Still yours?" the page goes on when this is over. */
  reminderMs: 600_000,
} as const;

/** How often the list of people is gone through before only the first is repeated. */
export const LADDER_ROUNDS = 3;

/** How long an acknowledgement holds, milliseconds. */
export function acknowledgementMs(severity: Severity): number {
  return wakes(severity) ? 60 * MINUTE_MS : 240 * MINUTE_MS;
}

/** How long a snooze may last, milliseconds. */
export function snoozeMostMs(severity: Severity): number {
  return severity === "CRITICAL" ? 60 * MINUTE_MS : 240 * MINUTE_MS;
}
