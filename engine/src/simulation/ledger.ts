import { RecordReader } from "../model/record/record-reader.ts";
import { joinFact } from "../jobs/join-fact.ts";
import { emptySummary, type RunSummary } from "../jobs/run-summary.ts";
import { encodeSummary } from "../jobs/summary-codec.ts";
import type { Fact, Observation, PositionedRecord } from "../model/fact.ts";

/** What the journal ever took: the facts, run by run, folded without any engine. */
export class Ledger {
  readonly records: PositionedRecord[] = [];
  readonly facts: { readonly fact: Observation; readonly record: PositionedRecord }[] = [];
  readonly runs: Map<string, RunSummary> = new Map();
  /** Ids of the transitions said of each run, with the time of each. */
  readonly transitions: Map<string, Map<string, number>> = new Map();
  readonly notes: Set<string> = new Set();
  readonly jobs: Set<string> = new Set();
  unreadable = 0;
  readonly #encoded = new Map<string, string>();

  add(record: PositionedRecord): void {
    this.records.push(record);
    const facts = factsIn(record);
    if (facts === null) this.unreadable += 1;
    for (const fact of facts ?? []) this.#addFact(fact, record);
  }

  expected(executionId: string): string {
    const known = this.#encoded.get(executionId);
    if (known !== undefined) return known;
    const run = this.runs.get(executionId);
    const text = run === undefined ? "" : encodeSummary(run);
    this.#encoded.set(executionId, text);
    return text;
  }

  #addFact(fact: Fact, record: PositionedRecord): void {
    if (fact.type === "lineage") {
      this.notes.add(fact.noteId);
      return;
    }
    this.facts.push({ fact, record });
    this.jobs.add(fact.jobId);
    let run = this.runs.get(fact.executionId);
    if (run === undefined) {
      run = emptySummary(fact.executionId, fact.jobId, fact.runKey);
      this.runs.set(fact.executionId, run);
      this.transitions.set(fact.executionId, new Map());
    }
    this.#encoded.delete(fact.executionId);
    const factId = joinFact(run, fact, record.receivedAt);
    if (factId !== null) this.transitions.get(fact.executionId)?.set(factId, fact.occurredAt);
  }
}

const reader = new RecordReader();

const known = new WeakMap<Uint8Array, readonly Fact[] | null>();

/** Null when the bytes cannot be read. */
export function factsIn({
  bytes,
  partition,
}: Pick<PositionedRecord, "bytes" | "partition">): readonly Fact[] | null {
  const facts = known.get(bytes);
  if (facts !== undefined) return facts;
  const read = parse(bytes, partition);
  known.set(bytes, read);
  return read;
}

function parse(bytes: Uint8Array, partition: number): readonly Fact[] | null {
  try {
    return reader.read(bytes, partition).flatMap(({ facts }) => facts);
  } catch {
    return null;
  }
}
