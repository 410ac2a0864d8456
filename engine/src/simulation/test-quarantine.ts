import { JobActor } from "../jobs/job-actor.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import type { Observation } from "../model/fact.ts";
import { executionIdOf, partitionOf } from "../model/ids.ts";
import type { BoardChange, RunRow } from "../model/rows.ts";
import type { Piece } from "../ports/stores.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryStore } from "./memory-store.ts";
import type { FromShard } from "../shards/messages.ts";
import { partitionsOf } from "../shards/partitions-of.ts";
import { Shard } from "../shards/shard.ts";
import { factOf, MINUTE, T0 } from "../shards/test-facts.ts";

const encoder = new TextEncoder();

export function fact(
  name: string,
  run: string,
  kind: Observation["kind"],
  minute: number,
): Observation {
  return factOf(name, run, kind, minute * MINUTE);
}

/** Cannot apply a log fact. */
class Poisoned extends JobActor {
  override apply(...[given, record]: Parameters<JobActor["apply"]>): ReturnType<JobActor["apply"]> {
    if (given.kind === "log") throw new Error("cannot follow this");
    return super.apply(given, record);
  }
}

/** One shard over a journal and a store that outlive it. */
export class Bench {
  readonly store: MemoryStore = new MemoryStore(joinStoredSummaries);
  readonly log: MemoryLog = new MemoryLog();
  rows: Map<string, BoardChange> = new Map();
  pieces: Piece[] = [];
  shard: Shard;
  poisoned: boolean = true;
  now: number = T0;
  /** The journal is read from. */
  onRead: () => void = () => {};

  constructor() {
    this.shard = this.start(1);
  }

  start(count: number, index = 0): Shard {
    const sent: FromShard[] = [];
    const { store, log } = this;
    const reader = log.reader();
    this.shard = new Shard({
      index,
      count,
      reader: {
        ...reader,
        readAfter: (...asked) => {
          this.onRead();
          return reader.readAfter(...asked);
        },
      },
      clock: { now: () => this.now },
      makeActor: (partition, memory, world) =>
        this.poisoned
          ? new Poisoned(partition, memory, world)
          : new JobActor(partition, memory, world),
      send: (message) => sent.push(message),
    });
    this.#sent = sent;
    const partitions = partitionsOf(index, count);
    const { term, marks } = store.claim(partitions);
    const states = store.loadStates(partitions, null);
    const again = this.shard.load(states).map((stored) => {
      const newestRuns = store.newestRuns([stored.job.jobId])[0]?.runs ?? [];
      return { ...stored, newestRuns };
    });
    this.shard.load(again);
    const runs = store.recentRuns(partitions, this.now, null);
    this.shard.receive({ type: "recent", runs });
    this.shard.receive({ type: "letters", letters: store.loadLetters(partitions, null) });
    this.shard.receive({ type: "start", term, marks, end: log.end });
    return this.shard;
  }

  #sent: FromShard[] = [];

  say(...facts: Observation[]): void {
    this.append(...facts);
    this.settle();
  }

  append(...facts: Observation[]): void {
    this.log.append(
      facts.map((one) => ({
        partition: partitionOf(one.jobId),
        receivedAt: one.occurredAt,
        contract: "native" as const,
        sourceId: "s",
        bytes: encoder.encode(JSON.stringify([one])),
      })),
    );
    this.shard.receive({ type: "end", end: this.log.end });
  }

  settle(): void {
    for (let cut = 0; cut < 8; cut += 1) {
      while (this.shard.step());
      this.shard.beginCut();
      this.deliver(() => {
        while (this.shard.step());
      });
    }
  }

  /** Shows and saves what the shard has sent. */
  deliver(then: () => void = () => {}): void {
    for (let one = this.#sent.shift(); one !== undefined; one = this.#sent.shift()) {
      if (one.type === "rows") for (const row of one.rows) this.rows.set(row.key, row);
      if (one.type === "piece") this.#save(one.piece);
      then();
    }
  }

  #save(piece: Piece): void {
    this.pieces.push(piece);
    try {
      this.shard.receive({ type: "saved", saved: this.store.save(piece) });
    } catch (error) {
      const { message } = error as Error;
      this.shard.receive({ type: "save-failed", message, refused: true });
    }
  }

  row(name: string, run: string): RunRow | undefined {
    return this.rows.get(`run:${executionIdOf("s", "n", name, run)}`) as RunRow | undefined;
  }

  get marks(): ReadonlySet<number> {
    return new Set(this.store.tables.marks.values());
  }

  stateOf(name: string, run: string): string | undefined {
    return this.store.tables.runs.get(executionIdOf("s", "n", name, run))?.columns.state;
  }
}
