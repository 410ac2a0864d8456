import type { JobActor } from "../jobs/job-actor.ts";
import type { KeptLetter } from "../ports/stores.ts";
import { type Quarantine, unnamedFace } from "./quarantine.ts";
import type { ShardJobs } from "./shard-jobs.ts";

interface LetterTrial {
  readonly jobs: ShardJobs;
  readonly quarantine: Quarantine;
  readonly applied: (actor: JobActor) => void;
  readonly failed: (actor: JobActor, error: unknown) => void;
}

/** What could not be applied before is tried again; a job that fails again stays in quarantine with all its letters. */
export function tryLetters(letters: readonly KeptLetter[], trial: LetterTrial): void {
  const { jobs, quarantine, applied, failed } = trial;
  for (const letter of letters) {
    const { jobId } = letter;
    if (jobId === null) continue;
    if (quarantine.has(jobId)) {
      quarantine.mayKeep(jobId);
      continue;
    }
    try {
      applied(jobs.applyLetter(letter));
    } catch (error) {
      const actor = jobs.get(jobId);
      if (actor === undefined) quarantine.put(unnamedFace(jobId), null, error);
      else failed(actor, error);
    }
  }
}
