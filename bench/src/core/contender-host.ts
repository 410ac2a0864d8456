import { openJournalReader } from "@batchwatch/db/journal";
import {
  type JournalReader,
  LIMITS,
  type Observation,
  type PositionedRecord,
} from "@batchwatch/engine";
import { factsOf } from "../load/record-stream.ts";
import type { Contender, Outcome, Round } from "./contender.ts";
import { CONTENDERS } from "./contenders.ts";
import type { ContenderRequest } from "./messages.ts";

/** Gives one contender its rounds and times them. */
export class ContenderHost {
  readonly #contender: Contender;
  readonly #journal: JournalReader;
  #position = 0;

  constructor({ name, journalPath }: ContenderRequest) {
    this.#contender = CONTENDERS[name]();
    this.#journal = openJournalReader(journalPath);
  }

  /**
   * Applies all that is new in the journal, in stretches as long as a shard reads at once, so that everybody finds
   * what was just read or decoded in the processor's caches. Milliseconds of applying alone.
   */
  async round(): Promise<number> {
    let ms = 0;
    for (;;) {
      const records = this.#journal.readAfter(this.#position, 0, 1, LIMITS.journalReadRows);
      if (records.length === 0) break;
      this.#position = records.at(-1)?.position ?? this.#position;
      const { form } = this.#contender;
      const round = form === "facts" ? decoded(records) : { records, facts: [], recordOf: [] };
      const startedAt = performance.now();
      const applied = this.#contender.apply(round);
      if (applied !== undefined) await applied;
      ms += performance.now() - startedAt;
    }
    this.#contender.rest?.();
    return ms;
  }

  /** A last round, with one fact for each job, and what became of everything. */
  async last(): Promise<Outcome> {
    this.#contender.beforeLast?.();
    await this.round();
    return this.#contender.outcome();
  }
}

function decoded(records: readonly PositionedRecord[]): Round {
  const facts: Observation[] = [];
  const recordOf: PositionedRecord[] = [];
  for (const record of records) {
    for (const fact of factsOf(record)) {
      facts.push(fact);
      recordOf.push(record);
    }
  }
  return { records, facts, recordOf };
}
