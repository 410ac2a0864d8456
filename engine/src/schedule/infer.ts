import type { ScheduleProposal } from "../model/schedule.ts";
import { scheduleCandidates } from "./schedule-candidates.ts";
import { best, bestFit, type ScheduleFit } from "./schedule-fit.ts";
import { zoneClockOf } from "./zone-clock.ts";

/** Instances from which on a schedule is proposed (SCHED-8). */
const LEAST_INSTANCES = 5;
/** Share of instances with a nominal time from which on only these count. */
const NOMINAL_SHARE = 0.8;
/** Below this a proposal would say more than is known. */
const LEAST_CONFIDENCE = 0.5;
/** Below this the newest half of the past is looked at alone: the schedule may have changed. */
const CLEAR_CONFIDENCE = 0.65;
/** How much better UTC must fit than the zone that was asked for. */
const ZONE_MARGIN = 0.02;

/** One past instance of a job; epoch milliseconds. */
export interface PastInstance {
  /** Start of its first attempt. */
  readonly at: number;
  /** When the source said it was due. */
  readonly nominalAt: number | null;
}

/**
 * The schedule that a job's past suggests, or null when none that cron can say explains it (SCHED-8). It finds every
 * N minutes and every minute mm of all or some hours, on every day, on some weekdays, on up to four days of the month
 * or on its last one. Two times a day with different minutes, or every second week, cron cannot say: null.
 *
 * Starts come at or after their time, so the time proposed is the early edge of where most of them are, on a grid of
 * five minutes when they scatter by more than that; nominal times are taken as they are. Where the past spans a clock
 * change, UTC is tried too, and the zone in which the wall-clock time stood still is proposed.
 *
 * confidence = agreement × punctuality × tested, each 0 … 1:
 * - agreement: share of instances at their time, less what a random start would reach, as in Cohen's kappa:
 *   (share − chance) / (1 − chance), chance being the share of the past that lies within reach of a firing;
 * - punctuality: share of firings that had an instance, as the lower bound of Wilson's interval at one standard error,
 *   so that 5 of 5 count 0.83 and 20 of 20 count 0.95;
 * - tested: for schedules with certain hours only, the share of weekdays that the past has seen a firing on; one not
 *   seen counts half, as nothing is known of it.
 *
 * What was chosen by looking (phase, hours, days) is not evidence: a fit counts only when chance alone would reach its
 * remaining hits in less than 1 of 100 pasts, over all candidates tried.
 */
export function inferSchedule(
  instances: readonly PastInstance[],
  zone: string,
): ScheduleProposal | null {
  const past = pastOf(instances);
  const whole = inferFrom(past.times, zone, past.fromNominal);
  const newer = past.times.slice(Math.floor(past.times.length / 2));
  const clear = (whole?.confidence ?? 0) >= CLEAR_CONFIDENCE;
  const newest = clear ? null : inferFrom(newer, zone, past.fromNominal);
  const found = (newest?.confidence ?? 0) > (whole?.confidence ?? 0) ? newest : whole;
  if (found === null || found.confidence < LEAST_CONFIDENCE) return null;
  return { ...found, fromNominal: past.fromNominal };
}

/** Distinct times, ascending: nominal ones where nearly all instances have one, else starts. */
function pastOf(instances: readonly PastInstance[]): {
  times: readonly number[];
  fromNominal: boolean;
} {
  const nominal = instances.flatMap(({ nominalAt }) => (nominalAt === null ? [] : [nominalAt]));
  const fromNominal = nominal.length >= NOMINAL_SHARE * instances.length;
  const times = fromNominal ? nominal : instances.map(({ at }) => at);
  return { times: [...new Set(times)].sort((a, b) => a - b), fromNominal };
}

type Found = ScheduleFit & { readonly zone: string };

function inferFrom(times: readonly number[], zone: string, exact: boolean): Found | null {
  if (times.length < LEAST_INSTANCES) return null;
  const own = fitIn(times, zone, exact);
  if (zone === "UTC" || !spansChange(times, zone)) return own;
  const utc = fitIn(times, "UTC", exact);
  return (utc?.confidence ?? 0) > (own?.confidence ?? 0) + ZONE_MARGIN ? utc : own;
}

function fitIn(times: readonly number[], zone: string, exact: boolean): Found | null {
  const clock = zoneClockOf(zone);
  const candidates = scheduleCandidates(times, clock, exact);
  const fit = best(candidates.map((candidate) => bestFit(candidate, times, clock)));
  return fit === null ? null : { ...fit, zone };
}

function spansChange(times: readonly number[], zone: string): boolean {
  const clock = zoneClockOf(zone);
  return new Set(times.map((at) => clock.pieceAt(at).offsetMs)).size > 1;
}
