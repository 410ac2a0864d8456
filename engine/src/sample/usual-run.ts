import { DRIFTS } from "./incidents.ts";
import { bellOf, type Random } from "../ports/random.ts";
import type { SampleJob } from "./sample-job.ts";

/** Standard deviation of a run's duration, and of its rows, relative to the usual. */
const DURATION_NOISE = 0.025;
const ROWS_NOISE = 0.03;
/** A drifting job is half-way to its new level this many nights ago, and takes about twice the width to get there. */
const DRIFT_MIDDLE_NIGHTS = 8.5;
const DRIFT_WIDTH_NIGHTS = 0.8;

/** Level of a job's duration so many nights ago (0 is the sample night), relative to its old level. */
function levelOf(job: SampleJob, nightsAgo: number): number {
  const level = DRIFTS[job.name];
  if (level === undefined) return 1;
  const arrived = 1 / (1 + Math.exp((nightsAgo - DRIFT_MIDDLE_NIGHTS) / DRIFT_WIDTH_NIGHTS));
  return 1 + (level - 1) * arrived;
}

/** Duration of a run that goes as usual, and its rows relative to the usual. */
export function usualRun(
  job: SampleJob,
  nightsAgo: number,
  random: Random,
): { readonly durationMs: number; readonly rowsRatio: number } {
  // A trend must not hang on the seed: a drifting job has less noise.
  const noise = DRIFTS[job.name] === undefined ? DURATION_NOISE : DURATION_NOISE / 3;
  const durationMs = Math.round(
    job.usualMs * levelOf(job, nightsAgo) * (1 + noise * bellOf(random)),
  );
  return { durationMs, rowsRatio: 1 + ROWS_NOISE * bellOf(random) };
}
