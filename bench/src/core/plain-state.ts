import type { Observation } from "@batchwatch/engine";
import type { JobOutcome } from "./contender.ts";

/** The least state that shows the same board: the newest run of a job, and what was counted. */
export interface PlainState {
  executionId: string;
  state: JobOutcome["state"];
  startedAt: number;
  endedAt: number;
  lastFactAt: number;
  done: number;
  progressAt: number;
  facts: number;
  transitions: number;
}

export function plainState(): PlainState {
  return {
    executionId: "",
    state: "running",
    startedAt: 0,
    endedAt: 0,
    lastFactAt: 0,
    done: 0,
    progressAt: 0,
    facts: 0,
    transitions: 0,
  };
}

/** Joins a fact into its job, in place: newest progress, transition on start and end, counts. */
export function joinPlain(state: PlainState, fact: Observation): void {
  state.facts += 1;
  if (fact.occurredAt > state.lastFactAt) state.lastFactAt = fact.occurredAt;
  if (fact.kind === "progress") {
    if (fact.progress !== undefined && fact.occurredAt >= state.progressAt) {
      state.done = fact.progress.done;
      state.progressAt = fact.occurredAt;
    }
  } else if (fact.kind === "started") {
    beginPlain(state, fact);
  } else if (fact.kind === "succeeded") {
    endPlain(state, fact);
  }
}

export function beginPlain(state: PlainState, fact: Observation): void {
  state.executionId = fact.executionId;
  state.state = "running";
  state.startedAt = fact.occurredAt;
  state.done = 0;
  state.transitions += 1;
}

export function endPlain(state: PlainState, fact: Observation): void {
  state.state = "succeeded";
  state.endedAt = fact.occurredAt;
  state.transitions += 1;
}
