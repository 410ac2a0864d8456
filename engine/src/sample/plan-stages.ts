import type { PlannedStage } from "./planned-run.ts";
import type { Random } from "../ports/random.ts";
import type { SampleJob } from "./sample-job.ts";

/** Commits come this often, milliseconds; each stage has a rhythm of its own in between. */
const COMMIT_MS = { least: 20_000, most: 50_000 };
/** Each stage's share of the run, before scaling. */
const SHARE = { least: 0.6, most: 1.6 };

export interface StagesRequest {
  readonly job: SampleJob;
  readonly startsMs: number;
  /** Time the run takes without a pause. */
  readonly durationMs: number;
  readonly rowsRatio: number;
  readonly random: Random;
  /** The run fails in this stage, at this share of it. */
  readonly failure?: { readonly stage: number; readonly ratio: number };
  readonly pause?: { readonly stage: number; readonly afterRatio: number; readonly forMs: number };
}

function between(random: Random, range: { readonly least: number; readonly most: number }): number {
  return range.least + random() * (range.most - range.least);
}

/** Stages one after the other, up to the one that fails. */
export function planStages(request: StagesRequest): readonly PlannedStage[] {
  const { job, random, failure, pause } = request;
  const shares = job.stages.map(() => between(random, SHARE));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const planned: PlannedStage[] = [];
  let startsMs = request.startsMs;
  for (const [index, name] of job.stages.entries()) {
    const fails = failure?.stage === index;
    const reached = fails ? failure.ratio : 1;
    const workMs = Math.round((request.durationMs * (shares[index] ?? 0) * reached) / total);
    const paused =
      pause?.stage === index
        ? { fromMs: startsMs + Math.round(workMs * pause.afterRatio), forMs: pause.forMs }
        : null;
    const endsMs = startsMs + workMs + (paused?.forMs ?? 0);
    planned.push({
      name,
      index,
      startsMs,
      endsMs,
      rows: Math.max(1, Math.round(job.usualRows * request.rowsRatio)),
      reached,
      pause: paused,
      commitMs: Math.round(between(random, COMMIT_MS)),
    });
    if (fails) break;
    startsMs = endsMs;
  }
  return planned;
}
