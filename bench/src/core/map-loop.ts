import type { Contender, Outcome, Round } from "./contender.ts";
import { plainOutcome } from "./outcome.ts";
import { joinPlain, type PlainState, plainState } from "./plain-state.ts";

/** The floor: a map and a loop. */
export class MapLoop implements Contender {
  readonly form = "facts";
  readonly #jobs = new Map<string, PlainState>();

  apply({ facts }: Round): void {
    for (const fact of facts) {
      let job = this.#jobs.get(fact.jobId);
      if (job === undefined) {
        job = plainState();
        this.#jobs.set(fact.jobId, job);
      }
      joinPlain(job, fact);
    }
  }

  outcome(): Outcome {
    return plainOutcome(this.#jobs);
  }
}
