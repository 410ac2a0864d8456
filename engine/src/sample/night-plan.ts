import type { RunState } from "../model/run.ts";
import { commitsOf, type PlannedRun, type PlannedStage } from "./planned-run.ts";
import { planRuns } from "./plan-runs.ts";

export interface NightOptions {
  /** Any whole number; the same seed gives the same night, to the byte. */
  readonly seed: number;
  /** The bank's day that the night works on, YYYY-MM-DD. */
  readonly businessDate: string;
  /** When the night opens, epoch milliseconds. */
  readonly startsAt: number;
  /** How many times faster than a real night; a real one takes six to seven hours. @default 1 */
  readonly speed?: number;
}

/** A run is announced this long before its nominal time: within the clock skew that intake accepts. */
export const ANNOUNCED_MS: number = 4 * 60_000;
/** A run that has not started this long after its nominal time is late. */
const LATE_AFTER_MS = 10 * 60_000;
/** A run whose commits stand still for this long is stalled. */
const STALLED_AFTER_MS = 5 * 60_000;

/** The sample night as it was meant: what a monitor should find out, from the plan and not from the facts. */
export interface NightPlan {
  readonly runs: readonly PlannedRun[];
  /** Epoch milliseconds. */
  readonly opensAt: number;
  readonly endsAt: number;
  /** Epoch milliseconds of a time of the plan. */
  readonly timeOf: (planMs: number) => number;
  /** State of the newest announced or started run of each job; a job that nothing was said about yet is absent. */
  readonly expectedStates: (at: number) => ReadonlyMap<string, RunState>;
}

function stateOf(run: PlannedRun, nowMs: number): RunState | null {
  if (nowMs >= run.endsMs) return run.outcome;
  if (run.startsMs === null || nowMs < run.startsMs) {
    if (run.attempt > 1 || nowMs < run.nominalMs - ANNOUNCED_MS) return null;
    return nowMs >= run.nominalMs + LATE_AFTER_MS ? "late" : "scheduled";
  }
  const stands = run.stages.some((stage) => standsStill(stage, nowMs));
  if (stands) return "stalled";
  return run.attempt > 1 ? "recovering" : "running";
}

/** From the last commit before the pause until the first one after it. */
function standsStill(stage: PlannedStage, nowMs: number): boolean {
  const { pause } = stage;
  if (pause === null) return false;
  const commits = commitsOf(stage);
  const last = commits.findLast((at) => at <= pause.fromMs) ?? stage.startsMs;
  const next = commits.find((at) => at > pause.fromMs) ?? stage.endsMs;
  return nowMs >= last + STALLED_AFTER_MS && nowMs < next;
}

/** @throws {RangeError} when speed is not a number above 0, or the business date is not a day */
export function nightPlan(options: NightOptions): NightPlan {
  const { seed, businessDate, startsAt, speed = 1 } = options;
  checkSpeed(speed);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(businessDate) || Number.isNaN(Date.parse(businessDate))) {
    throw new RangeError(`businessDate is "${businessDate}"; it must be a day as YYYY-MM-DD.`);
  }
  const runs = planRuns(seed, businessDate);
  const timeOf = (planMs: number): number => startsAt + Math.round(planMs / speed);
  return {
    runs,
    opensAt: startsAt,
    endsAt: timeOf(Math.max(...runs.map((run) => run.endsMs))),
    timeOf,
    expectedStates(at) {
      const states = new Map<string, RunState>();
      const nowMs = (at - startsAt) * speed;
      for (const run of runs) {
        const state = stateOf(run, nowMs);
        if (state !== null) states.set(run.job.name, state);
      }
      return states;
    },
  };
}

/** @throws {RangeError} */
export function checkSpeed(speed: number): void {
  if (Number.isFinite(speed) && speed > 0) return;
  throw new RangeError(`speed is ${speed}; it must be a number above 0.`);
}
