import { JobActor, type Observation, partitionOf, ShardKnowledge } from "@batchwatch/engine";
import type { Contender, JobOutcome, Outcome, Round } from "./contender.ts";
import { jobOutcomeOf } from "./job-outcome.ts";

/** The engine's own actors, given decoded facts: no journal, no rows, no saving. Deadlines are taken after each stretch, as a shard does. */
export class JobActors implements Contender {
  readonly form = "facts";
  readonly #actors = new Map<string, JobActor>();
  #facts = 0;
  /** The nearest deadline of all, epoch ms. */
  #nextAt = Number.POSITIVE_INFINITY;

  apply({ facts, recordOf }: Round): void {
    const changed = new Set<JobActor>();
    for (const [index, fact] of facts.entries()) {
      let actor = this.#actors.get(fact.jobId);
      if (actor === undefined) {
        actor = newActor(fact);
        this.#actors.set(fact.jobId, actor);
      }
      const record = recordOf[index];
      if (record === undefined) continue;
      if (actor.apply(fact, record) === "transition") changed.add(actor);
      this.#facts += 1;
    }
    for (const { nextAt } of changed) this.#nextAt = Math.min(this.#nextAt, nextAt);
  }

  outcome(): Outcome {
    const jobs = new Map<string, JobOutcome>();
    let transitions = 0;
    for (const actor of this.#actors.values()) {
      const rows = actor.takeRows().flatMap((row) => (row.kind === "run" ? [row] : []));
      jobs.set(actor.jobId, jobOutcomeOf(rows));
      transitions += actor.takeUnit().transitions.length;
    }
    return { jobs, facts: this.#facts, transitions };
  }
}

function newActor(fact: Observation): JobActor {
  const { jobId, name, namespace, teamId } = fact;
  return new JobActor(
    partitionOf(jobId),
    {
      face: { jobId, name, namespace, teamId, tier: null, firstStep: null, runbookUrl: null },
      sourceId: "bench",
      firstSeenAt: fact.occurredAt,
      lastSeenAt: fact.occurredAt,
      forgotSome: false,
      digests: [],
      runs: [],
    },
    new ShardKnowledge(),
  );
}
