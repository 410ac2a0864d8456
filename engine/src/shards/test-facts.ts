import type { Observation } from "../model/fact.ts";
import { executionIdOf, jobIdOf } from "../model/ids.ts";
import { DEFAULT_CLOCKS, type JobSettings } from "../model/job-settings.ts";

export const T0: number = Date.parse("2026-11-24T02:00:00.000Z");
export const SECOND = 1_000;
export const MINUTE = 60_000;

/** A fact of the job "load". */
export function fact(
  run: string,
  kind: Observation["kind"],
  at: number,
  more: Partial<Observation> = {},
): Observation {
  return factOf("load", run, kind, at, more);
}

/** A fact of any job. @param at ms after T0 */
export function factOf(
  name: string,
  run: string,
  kind: Observation["kind"],
  at: number,
  more: Partial<Observation> = {},
): Observation {
  return {
    type: "observation",
    jobId: jobIdOf("s", "n", name),
    executionId: executionIdOf("s", "n", name, run),
    namespace: "n",
    name,
    teamId: "team",
    runKey: run,
    kind,
    occurredAt: T0 + at,
    ...more,
  };
}

/** A commit of the stage "read" each `gap` from its start. */
export function commits(run: string, count: number, gap: number, from = 0): Observation[] {
  const stage = { name: "read", index: 0 };
  return [
    fact(run, "started", from),
    fact(run, "started", from, { stage }),
    ...Array.from({ length: count }, (_, index) =>
      fact(run, "progress", from + (index + 1) * gap, { stage, progress: { done: index + 1 } }),
    ),
  ];
}

export function ended(run: string, at: number, durationMs: number, day: string): Observation[] {
  return [
    fact(run, "started", at, { businessDate: day }),
    fact(run, "succeeded", at + durationMs, { businessDate: day }),
  ];
}

export function settings(change: Partial<JobSettings>): JobSettings {
  return {
    jobId: jobIdOf("s", "n", "load"),
    name: "load",
    namespace: "n",
    ownerTeamId: null,
    tier: null,
    firstStep: null,
    runbookUrl: null,
    lifecycle: "LIVE",
    monitored: true,
    cadence: null,
    schedule: null,
    clocks: DEFAULT_CLOCKS,
    ...change,
  };
}
