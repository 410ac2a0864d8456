import { Board } from "../board/board.ts";
import { leavesAt } from "../board/shelf-life.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import { partitionOf } from "../model/ids.ts";
import type { JournalRecord } from "../model/fact.ts";
import type { Scope } from "../model/people.ts";
import type { BoardRow } from "../model/rows.ts";
import type { FromShard } from "../shards/messages.ts";
import { partitionsOf } from "../shards/partitions-of.ts";
import { Shard } from "../shards/shard.ts";
import type { Ledger } from "./ledger.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryStore, withNewestRuns } from "./memory-store.ts";
import type { World } from "./world.ts";

const EVERYTHING: Scope = { teamIds: "all", payload: true };
const CUT_EVERY = 100;
const encoder = new TextEncoder();

/** One shard with its own board, run to the end at once. */
class Engine {
  readonly board = new Board("compared");
  readonly store: MemoryStore;
  readonly log: MemoryLog;
  readonly #shard: Shard;
  readonly #sent: FromShard[] = [];
  readonly #now: number;

  constructor(store: MemoryStore, log: MemoryLog, now: number) {
    this.store = store;
    this.log = log;
    this.#now = now;
    this.#shard = new Shard({
      index: 0,
      count: 1,
      reader: log.reader(),
      clock: { now: () => now },
      send: (message) => this.#sent.push(message),
    });
    const partitions = partitionsOf(0, 1);
    const { term, marks } = store.claim(partitions);
    const states = store.loadStates(partitions, null, Number.POSITIVE_INFINITY);
    this.#shard.load(states.map((stored) => withNewestRuns(store, stored)));
    this.#shard.receive({
      type: "recent",
      runs: store.recentRuns(partitions, now, null, Number.POSITIVE_INFINITY),
    });
    this.#shard.receive({
      type: "letters",
      letters: store.loadLetters(partitions, null, Number.POSITIVE_INFINITY),
    });
    this.#shard.start(term, marks, log.end);
  }

  /** Everything open is judged, as it would be within minutes: the clock of this engine stands still. */
  judge(): void {
    this.#shard.receive({ type: "blind", intervals: [] });
  }

  settle(): void {
    this.#shard.reached(this.log.end);
    while (this.#shard.step());
    this.#shard.tick();
    this.#shard.beginCut();
    for (let message = this.#sent.shift(); message !== undefined; message = this.#sent.shift()) {
      if (message.type === "rows") this.board.apply(message.rows, this.#now);
      if (message.type !== "piece") continue;
      this.#shard.receive({ type: "saved", saved: this.store.save(message.piece) });
      while (this.#shard.step());
    }
  }
}

/** An engine that gets every fact once, in the order in which it happened, with nothing going wrong. */
export function orderlyEngine(ledger: Ledger, now: number): { board: Board; store: MemoryStore } {
  const engine = new Engine(new MemoryStore(joinStoredSummaries), new MemoryLog(), now);
  const inOrder = ledger.facts.toSorted((a, b) => a.fact.occurredAt - b.fact.occurredAt);
  for (const [index, { fact, record }] of inOrder.entries()) {
    const { receivedAt, contract, sourceId } = record;
    const partition = partitionOf(fact.jobId);
    const bytes = encoder.encode(JSON.stringify([fact]));
    const single: JournalRecord = { partition, receivedAt, contract, sourceId, bytes };
    engine.log.append([single]);
    if (index % CUT_EVERY === 0) engine.settle();
  }
  engine.settle();
  engine.judge();
  engine.settle();
  return engine;
}

/** What a process that starts now, on copies of store and journal, would show. */
export function freshlyLoaded(world: World, now: number): { board: Board; store: MemoryStore } {
  const store = new MemoryStore(joinStoredSummaries, world.store.copy());
  const engine = new Engine(store, world.log, now);
  engine.settle();
  return engine;
}

/** Rows of a board that are still to be seen at both times. */
export function rowsShown(board: Board, at: number): Map<string, BoardRow> {
  const shown = board
    .rows(EVERYTHING)
    .filter((row) => row.kind !== "run" || leavesAt(row) > at)
    .map((row) => [row.key, row] as const);
  return new Map(shown);
}
