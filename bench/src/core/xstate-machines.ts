import type { Observation } from "@batchwatch/engine";
import { type Actor, createActor, setup } from "xstate";
import type { Contender, Outcome, Round } from "./contender.ts";
import { plainOutcome } from "./outcome.ts";
import { beginPlain, endPlain, joinPlain, type PlainState, plainState } from "./plain-state.ts";

type JobEvent = { readonly type: Observation["kind"]; readonly fact: Observation };

function counted(state: PlainState, fact: Observation): void {
  state.facts += 1;
  if (fact.occurredAt > state.lastFactAt) state.lastFactAt = fact.occurredAt;
}

/** Only its type is looked at. */
const TYPES: { context?: PlainState; events?: JobEvent; input?: PlainState } = {};

/** The library copies the context once at the start; from then on it changes in place, the cheapest that is allowed. */
const jobMachine = setup({
  types: TYPES,
  actions: {
    begin: ({ context, event }) => {
      counted(context, event.fact);
      beginPlain(context, event.fact);
    },
    join: ({ context, event }) => joinPlain(context, event.fact),
    end: ({ context, event }) => {
      counted(context, event.fact);
      endPlain(context, event.fact);
    },
  },
}).createMachine({
  context: ({ input }) => input,
  initial: "idle",
  states: {
    idle: { on: { started: { target: "running", actions: "begin" } } },
    running: {
      on: { progress: { actions: "join" }, succeeded: { target: "idle", actions: "end" } },
    },
  },
});

/** One state machine of xstate for each job, sent its facts as events. */
export class XstateMachines implements Contender {
  readonly form = "facts";
  readonly #actors = new Map<string, Actor<typeof jobMachine>>();

  apply({ facts }: Round): void {
    for (const fact of facts) this.#actorOf(fact.jobId).send({ type: fact.kind, fact });
  }

  outcome(): Outcome {
    const states = [...this.#actors].map(
      ([jobId, actor]) => [jobId, actor.getSnapshot().context] as const,
    );
    return plainOutcome(states);
  }

  #actorOf(jobId: string): Actor<typeof jobMachine> {
    const known = this.#actors.get(jobId);
    if (known !== undefined) return known;
    const actor = createActor(jobMachine, { input: plainState() });
    actor.start();
    this.#actors.set(jobId, actor);
    return actor;
  }
}
