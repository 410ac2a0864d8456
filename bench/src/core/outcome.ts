import { createHash } from "node:crypto";
import type { JobOutcome, Outcome } from "./contender.ts";
import type { PlainState } from "./plain-state.ts";

/** The outcome of contenders that keep a {@link PlainState} for each job. */
export function plainOutcome(states: Iterable<readonly [string, PlainState]>): Outcome {
  const jobs = new Map<string, JobOutcome>();
  let facts = 0;
  let transitions = 0;
  for (const [jobId, { executionId, state, done, ...counts }] of states) {
    jobs.set(jobId, { executionId, state, done });
    facts += counts.facts;
    transitions += counts.transitions;
  }
  return { jobs, facts, transitions };
}

/** Equal exactly when two outcomes are. */
export function digestOfOutcome({ jobs, facts, transitions }: Outcome): string {
  const hash = createHash("sha256").update(`${facts} ${transitions} ${jobs.size}\n`);
  for (const jobId of [...jobs.keys()].sort()) {
    const job = jobs.get(jobId);
    hash.update(`${jobId} ${job?.executionId} ${job?.state} ${job?.done}\n`);
  }
  return hash.digest("hex");
}
