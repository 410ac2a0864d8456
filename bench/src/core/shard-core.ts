import {
  type FromShard,
  type Piece,
  type PositionedRecord,
  type RunRow,
  Shard,
} from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import type { Contender, JobOutcome, Outcome, Round } from "./contender.ts";
import { jobOutcomeOf } from "./job-outcome.ts";

/** As the thread that hosts a shard does: everything dirty is saved once a second. Milliseconds. */
const CUT_EVERY_MS = 1_000;

/**
 * A whole shard over records in memory: decodes, joins, makes the board's rows. With `saving`, its pieces are made as
 * well and answered at once, which is the most that saving can ask of it; without, its first piece is never answered.
 */
export class ShardCore implements Contender {
  readonly form = "records";
  readonly #shard: Shard;
  readonly #saving: boolean;
  #records: readonly PositionedRecord[] = [];
  #piece: Piece | null = null;
  #rows: Map<string, RunRow[]> | null = null;
  #transitions = 0;
  #cutAt = 0;
  #now = 0;

  constructor(saving: boolean) {
    this.#saving = saving;
    this.#shard = new Shard({
      index: 0,
      count: 1,
      reader: {
        readAfter: (position, _index, _count, limit) => this.#readAfter(position, limit),
        end: () => this.#records.at(-1)?.position ?? 0,
        close: () => {},
      },
      clock: { now: () => this.#now },
      send: (message) => this.#receive(message),
    });
    this.#shard.start(1, 0, 0);
  }

  apply({ records }: Round): void {
    this.#records = records;
    const last = records.at(-1);
    this.#now = last?.receivedAt ?? 0;
    this.#shard.reached(last?.position ?? 0);
    let reading = true;
    while (reading) {
      reading = this.#shard.step();
      if (this.#saving) this.#save();
    }
  }

  beforeLast(): void {
    this.#rows = new Map();
  }

  outcome(): Outcome {
    this.#shard.beginCut();
    this.#answerPieces();
    const { factsApplied, deadLetters } = this.#shard.stats;
    if (deadLetters > 0) throw new BenchError("wrong", `${deadLetters} facts were not applied.`);
    const jobs = new Map<string, JobOutcome>();
    for (const [jobId, rows] of this.#rows ?? []) jobs.set(jobId, jobOutcomeOf(rows));
    return { jobs, facts: factsApplied, transitions: this.#transitions };
  }

  #readAfter(position: number, limit: number): PositionedRecord[] {
    const from = position + 1 - (this.#records[0]?.position ?? 0);
    return this.#records.slice(from, from + limit);
  }

  #save(): void {
    if (performance.now() - this.#cutAt >= CUT_EVERY_MS) {
      this.#cutAt = performance.now();
      this.#shard.beginCut();
    }
    this.#answerPieces();
  }

  #answerPieces(): void {
    for (let piece = this.#piece; piece !== null; piece = this.#piece) {
      this.#piece = null;
      for (const unit of piece.units) this.#transitions += unit.transitions.length;
      this.#shard.saved({ lostPartitions: [], amended: [] });
    }
  }

  #receive(message: FromShard): void {
    if (message.type === "piece") this.#piece = message.piece;
    if (message.type !== "rows" || this.#rows === null) return;
    for (const row of message.rows) {
      if (row.kind !== "run") continue;
      const known = this.#rows.get(row.jobId);
      if (known === undefined) this.#rows.set(row.jobId, [row]);
      else known.push(row);
    }
  }
}
