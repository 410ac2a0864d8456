import type { Observation } from "@batchwatch/engine";
import { dispatch, spawn, start } from "nact";
import type { Contender, Outcome, Round } from "./contender.ts";
import { plainOutcome } from "./outcome.ts";
import { joinPlain, type PlainState, plainState } from "./plain-state.ts";

/** The library's own type of a reference says nothing of it. */
type NactRef = Parameters<typeof dispatch>[0];

/** One actor of nact for each job. It runs each message in a turn of the event loop of its own. */
export class NactActors implements Contender {
  readonly form = "facts";
  readonly #system = start();
  readonly #actors = new Map<string, NactRef>();
  readonly #states = new Map<string, PlainState>();
  #waitingFor = 0;
  #done: () => void = () => {};

  async apply({ facts }: Round): Promise<void> {
    this.#waitingFor = facts.length;
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    for (const fact of facts) dispatch(this.#actorOf(fact.jobId), fact);
    await done;
  }

  outcome(): Outcome {
    return plainOutcome(this.#states);
  }

  #actorOf(jobId: string): NactRef {
    const known = this.#actors.get(jobId);
    if (known !== undefined) return known;
    const initialState = plainState();
    const join = (state: PlainState, fact: Observation): PlainState => {
      joinPlain(state, fact);
      this.#waitingFor -= 1;
      if (this.#waitingFor === 0) this.#done();
      return state;
    };
    const actor = spawn(this.#system, join, jobId, { initialState });
    this.#actors.set(jobId, actor);
    this.#states.set(jobId, initialState);
    return actor;
  }
}
