import {
  type BoardChange,
  type FromShard,
  type Piece,
  type RunRow,
  type RunSave,
  Shard,
  type StoredJobState,
} from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import type { Contender, JobOutcome, Outcome, Round } from "./contender.ts";
import { jobOutcomeOf } from "./job-outcome.ts";
import { MemoryReader } from "./memory-reader.ts";

/** As the thread that hosts a shard does: everything dirty is saved once a second. Milliseconds. */
const CUT_EVERY_MS = 1_000;

export interface ShardCoreOptions {
  /** @default false */
  readonly saving?: boolean;
  /** Pages of jobs that it knows when it starts. @default none */
  readonly known?: Iterable<readonly StoredJobState[]>;
  /** @default nobody looks */
  readonly onRows?: (rows: readonly BoardChange[]) => void;
}

/**
 * A whole shard over records in memory: decodes, joins, makes the board's rows. With `saving`, its pieces are made as
 * well and answered at once, which is the most that saving can ask of it; without, between two rounds, and where it would
 * read no further before something is saved: in the first round, when every job begins.
 */
export class ShardCore implements Contender {
  readonly form = "records";
  readonly #shard: Shard;
  readonly #saving: boolean;
  readonly #onRows: NonNullable<ShardCoreOptions["onRows"]>;
  readonly #reader = new MemoryReader();
  #piece: Piece | null = null;
  #rows: Map<string, RunRow[]> | null = null;
  #transitions = 0;
  #cutAt = 0;
  #now = 0;

  constructor(options: ShardCoreOptions = {}) {
    this.#saving = options.saving ?? false;
    this.#shard = new Shard({
      index: 0,
      count: 1,
      reader: this.#reader,
      clock: { now: () => this.#now },
      send: (message) => this.#receive(message),
    });
    this.#onRows = options.onRows ?? (() => {});
    for (const states of options.known ?? []) this.#shard.load(states);
    this.#shard.start(1, [{ partition: 0, position: 0 }], 0);
    this.#read();
  }

  apply({ records }: Pick<Round, "records">): void {
    this.#now = records.at(-1)?.receivedAt ?? 0;
    this.#shard.reached(this.#reader.hold(records));
    this.#read();
    for (; this.#reader.holdsMore; this.#read()) this.rest();
  }

  rest(): void {
    this.#shard.beginCut();
    this.#answerPieces();
  }

  beforeLast(): void {
    this.#rows = new Map();
  }

  outcome(): Outcome {
    this.rest();
    const { factsApplied, deadLetters } = this.#shard.stats;
    if (deadLetters > 0) throw new BenchError("wrong", `${deadLetters} facts were not applied.`);
    const jobs = new Map<string, JobOutcome>();
    for (const [jobId, rows] of this.#rows ?? []) jobs.set(jobId, jobOutcomeOf(rows));
    return { jobs, facts: factsApplied, transitions: this.#transitions };
  }

  #read(): void {
    let reading = true;
    while (reading) {
      reading = this.#shard.step();
      if (this.#saving) this.#save();
    }
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
      const amended: RunSave[] = [];
      for (const { transitions, runs } of piece.units) {
        this.#transitions += transitions.length;
        amended.push(...runs.filter(({ mode }) => mode === "amend"));
      }
      // The store would answer with these runs as they are: it holds nothing else of them.
      this.#shard.saved({ lostPartitions: [], amended });
    }
  }

  #receive(message: FromShard): void {
    if (message.type === "piece") this.#piece = message.piece;
    if (message.type !== "rows") return;
    this.#onRows(message.rows);
    if (this.#rows === null) return;
    for (const row of message.rows) {
      if (row.kind !== "run") continue;
      const known = this.#rows.get(row.jobId);
      if (known === undefined) this.#rows.set(row.jobId, [row]);
      else known.push(row);
    }
  }
}
