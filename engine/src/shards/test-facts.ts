import type { Observation } from "../model/fact.ts";
import { executionIdOf, jobIdOf } from "../model/ids.ts";
import { DEFAULT_CLOCKS, type JobSettings } from "../model/job-settings.ts";

export const T0: number = Date.parse("2026-11-24T02:00:00.000Z");
export const SECOND = 1_000;
export const MINUTE = 60_000;

export function fact(
  run: string,
  kind: Observation["kind"],
  at: number,
  more: Partial<Observation> = {},
): Observation {
  return {
    type: "observation",
    jobId: jobIdOf("s", "n", "load"),
    executionId: executionIdOf("s", "n", "load", run),
    namespace: "n",
    name: "load",
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
