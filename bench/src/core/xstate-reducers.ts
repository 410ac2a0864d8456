import type { Observation } from "@batchwatch/engine";
import { type Actor, createActor, fromTransition, type TransitionActorLogic } from "xstate";
import type { Contender, Outcome, Round } from "./contender.ts";
import { plainOutcome } from "./outcome.ts";
import { joinPlain, type PlainState, plainState } from "./plain-state.ts";

type FactEvent = { readonly type: "fact"; readonly fact: Observation };
type Reducer = TransitionActorLogic<PlainState, FactEvent, PlainState>;

/** The lightest actor that xstate has: no states, one function of state and event. */
const reducer: Reducer = fromTransition(
  (state: PlainState, { fact }: FactEvent) => {
    joinPlain(state, fact);
    return state;
  },
  ({ input }: { input: PlainState }) => input,
);

/** One transition actor of xstate for each job, sent its facts as events. */
export class XstateReducers implements Contender {
  readonly form = "facts";
  readonly #actors = new Map<string, Actor<Reducer>>();

  apply({ facts }: Round): void {
    for (const fact of facts) this.#actorOf(fact.jobId).send({ type: "fact", fact });
  }

  outcome(): Outcome {
    const states = [...this.#actors].map(
      ([jobId, actor]) => [jobId, actor.getSnapshot().context] as const,
    );
    return plainOutcome(states);
  }

  #actorOf(jobId: string): Actor<Reducer> {
    const known = this.#actors.get(jobId);
    if (known !== undefined) return known;
    const actor = createActor(reducer, { input: plainState() });
    actor.start();
    this.#actors.set(jobId, actor);
    return actor;
  }
}
