import type { Cadence, ClockSettings, JobSettingsView } from "batchwatch/router";
import { durationText } from "./duration-text.ts";

export type ClockName = keyof ClockSettings;

/** The four clocks: what each is called, and what it watches. */
export const CLOCKS: readonly {
  readonly name: ClockName;
  readonly title: string;
  readonly hint: string;
}[] = [
  {
    name: "startGraceMs",
    title: "Start grace",
    hint: "From the expected start until the run is late.",
  },
  {
    name: "runBudgetMs",
    title: "Run budget",
    hint: "Longest time from start to end. A longer run says so and goes on.",
  },
  {
    name: "minimumDurationMs",
    title: "Least duration",
    hint: "A success in less time is suspicious.",
  },
  {
    name: "heartbeatMs",
    title: "Heartbeat",
    hint: "Longest time without a sign of life while running; beyond it the run is stalled.",
  },
];

const GRACE_WORDS: Readonly<Record<Cadence, string>> = {
  FREQUENT: "one interval, at least 1 min (default)",
  DAILY: "10 min (default of a daily job)",
  RARE: "60 min (default of a rare job)",
};

/** What the engine does where nobody set the clock (engine/SPEC.md CLOCK-3 to CLOCK-6). */
function defaultWords(name: ClockName, cadence: Cadence | null): string {
  switch (name) {
    case "startGraceMs":
      return cadence === null ? "default, by how often it runs" : GRACE_WORDS[cadence];
    case "runBudgetMs":
      return "learned from 5 successes on: 2 × the median, or 1.25 × the longest if that is more";
    case "minimumDurationMs":
      return "learned from 5 successes on: a quarter of the median";
    case "heartbeatMs":
      return "learned from each stage's own commits, never below 5 min";
  }
}

/** `10 min, set by a person`, or where the limit comes from otherwise. */
export function clockWords(
  name: ClockName,
  clocks: ClockSettings,
  cadence: Cadence | null,
): string {
  const setMs = clocks[name];
  return setMs === null ? defaultWords(name, cadence) : `${durationText(setMs)}, set by a person`;
}

/** Why the job has no clocks at all; null when it has (engine/SPEC.md CLOCK-10). */
export function withoutClocks(settings: JobSettingsView): string | null {
  if (settings.lifecycle === "RETIRED") return "Retired: nothing is expected of this job any more.";
  if (!settings.monitored) return "Not monitored: its runs are kept, and no clock judges them.";
  return null;
}
