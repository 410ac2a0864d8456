import type { JournalRecord, Observation, PositionedRecord } from "../model/fact.ts";
import { executionIdOf, partitionOf } from "../model/ids.ts";
import type { AlertLevel } from "../model/alert.ts";
import type { JournalReader } from "../ports/partition-log.ts";
import type { Piece, SavedPiece, StoredJobState, TransitionRow } from "../ports/stores.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import { NOTHING_SET } from "../jobs/test-job.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { FromShard } from "./messages.ts";
import { partitionsOf } from "./partitions-of.ts";
import { Shard } from "./shard.ts";

/** Journal and store in memory, with the semantics of the real ones that a shard relies on. */
export class World {
  readonly journal: PositionedRecord[] = [];
  readonly rows: Map<string, BoardChange> = new Map();
  readonly runs: Map<string, { summary: string; state: string; attempt: number }> = new Map();
  readonly states: Map<string, StoredJobState> = new Map();
  readonly pieces: Piece[] = [];
  readonly messages: FromShard[] = [];
  readonly notes: Set<string> = new Set();
  readonly transitions: TransitionRow[] = [];
  /** What the committed units said, in the order of the commits. */
  readonly levels: AlertLevel[] = [];
  mark = 0;
  /** What the shard's clock says, epoch ms. */
  now = 0;
  shard: Shard = this.boot();

  get reader(): JournalReader {
    return {
      readAfter: (position, _index, _count, limit) =>
        this.journal.filter((record) => record.position > position).slice(0, limit),
      end: () => this.journal.length,
      close: () => {},
    };
  }

  boot(): Shard {
    this.shard = new Shard({
      index: 0,
      count: 1,
      reader: this.reader,
      clock: { now: () => this.now },
      send: (message) => this.receive(message),
    });
    this.shard.load([...this.states.values()]);
    const marks = partitionsOf(0, 1).map((partition) => ({ partition, position: this.mark }));
    this.shard.start(1, marks, this.journal.length);
    return this.shard;
  }

  append(...facts: Observation[]): void {
    this.appendRecords(facts.map((fact) => this.recordOf(fact)));
  }

  recordOf(fact: Observation): JournalRecord {
    return {
      partition: partitionOf(fact.jobId),
      receivedAt: this.now === 0 ? fact.occurredAt + 5 : this.now,
      contract: "native",
      sourceId: "s",
      bytes: Buffer.from(JSON.stringify([fact])),
    };
  }

  /** The same, received at `now`. */
  at(now: number, ...facts: Observation[]): void {
    this.now = Math.max(this.now, now);
    this.append(...facts);
  }

  /** Ticks until `now`, each `everyMs`, as the shard's thread does. */
  tickTo(now: number, everyMs = 1_000): void {
    if (this.now === 0) this.now = now;
    while (this.now < now) {
      this.now = Math.min(now, this.now + everyMs);
      this.shard.tick();
    }
  }

  appendRecords(records: readonly JournalRecord[]): void {
    for (const record of records) {
      this.journal.push({ ...record, position: this.journal.length + 1 });
    }
    this.shard.reached(this.journal.length);
    while (this.shard.step());
  }

  receive(message: FromShard): void {
    this.messages.push(message);
    if (message.type === "rows") for (const row of message.rows) this.rows.set(row.key, row);
    if (message.type === "piece") this.pieces.push(message.piece);
  }

  commit(piece: Piece): SavedPiece {
    const amended: SavedPiece["amended"][number][] = [];
    for (const unit of piece.units) {
      for (const run of unit.runs) {
        const stored = this.runs.get(run.columns.executionId);
        const joined =
          run.mode === "amend" && stored !== undefined
            ? joinStoredSummaries(stored.summary, run.summary)
            : run;
        if (run.mode === "amend")
          amended.push({ columns: joined.columns, summary: joined.summary });
        this.runs.set(run.columns.executionId, {
          summary: joined.summary,
          state: joined.columns.state,
          attempt: joined.columns.attempt,
        });
      }
      this.transitions.push(...unit.transitions);
      this.levels.push(...(unit.alerts ?? []));
      for (const note of unit.notes) this.notes.add(note.noteId);
      const { job } = unit;
      if (job === null) continue;
      this.states.set(job.jobId, {
        partition: unit.partition,
        position: unit.position ?? 0,
        state: job.state,
        job: { ...job, ...NOTHING_SET },
      });
    }
    if (piece.mark !== null) this.mark = piece.mark.position;
    return { lostPartitions: [], amended };
  }

  /** Saves until nothing is left. */
  settle(): void {
    this.shard.beginCut();
    for (let piece = this.pieces.shift(); piece !== undefined; piece = this.pieces.shift()) {
      this.shard.saved(this.commit(piece));
      while (this.shard.step());
    }
  }

  row(name: string, run: string): RunRow {
    return this.rows.get(`run:${executionIdOf("s", "n", name, run)}`) as RunRow;
  }
}
