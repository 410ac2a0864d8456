import type { Observation, PositionedRecord } from "../model/fact.ts";
import { contentIdOf } from "../model/ids.ts";
import type { RunState } from "../model/run.ts";
import type { TransitionRow } from "../ports/stores.ts";
import type { Judgement } from "./judge.ts";
import type { RunSummary } from "./run-summary.ts";

/** What stands in place of a contract where a clock, not a fact, changed a run's state. */
const CLOCK_CONTRACT = "clock";

const GOES_ON: ReadonlySet<RunState> = new Set<RunState>(["running", "recovering"]);

/** Whether a change of the shown state is the clock's: it set the new state, or a run that it had doubted goes on. */
export function isClockChange(from: Judgement, to: Judgement): boolean {
  return to.since !== null || (from.since !== null && GOES_ON.has(to.state));
}

/** Evidence that a clock changed a run's state, with the deadline as its time [CLOCK-11]. */
export function clockTransition(
  summary: RunSummary,
  judgement: Judgement,
  sourceId: string,
  now: number | null,
): TransitionRow {
  const occurredAt = judgement.since ?? summary.lastFactAt;
  return {
    executionId: summary.executionId,
    factId: contentIdOf(CLOCK_CONTRACT, judgement.state, String(occurredAt)),
    kind: judgement.state,
    stage: null,
    occurredAt,
    receivedAt: now ?? occurredAt,
    sourceId,
    contract: CLOCK_CONTRACT,
  };
}

/** Evidence that a fact changed a run. */
export function factTransition(
  fact: Observation,
  factId: string,
  {
    receivedAt,
    sourceId,
    contract,
  }: Pick<PositionedRecord, "receivedAt" | "sourceId" | "contract">,
): TransitionRow {
  return {
    executionId: fact.executionId,
    factId,
    kind: fact.kind,
    stage: fact.stage?.name ?? null,
    occurredAt: fact.occurredAt,
    receivedAt,
    sourceId,
    contract,
  };
}
