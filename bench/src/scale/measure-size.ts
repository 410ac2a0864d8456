import { Board, dashboardOf, type Scope } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { ShardCore } from "../core/shard-core.ts";
import { medianOf } from "../figure.ts";
import { RecordStream } from "../load/record-stream.ts";
import { KnownJobs } from "./known-jobs.ts";
import type { ScaleRequest, ScaleResult } from "./messages.ts";

const EVERYTHING: Scope = { teamIds: "all", payload: true };
const HEALTH = { status: "UP", components: [] } as const;
const BOARD_LIMIT = 10_000;
const FACTS_PER_STEP = 5_000;
/** Steps before they count: until all code is compiled, also where few known jobs were loaded by it before. */
const WARM_UP_STEPS = 40;
const QUERIES = 60;
/** Questions before they count. */
const WARM_UP_QUERIES = 60;
const CHANGES = 1_000;

/** A shard and its board that know so many jobs: how long they take. */
class SizeOfScale {
  readonly #board = new Board("bench");
  readonly #shard: ShardCore;
  readonly #stream: RecordStream;
  #now: number;

  constructor({ idleJobs, activeJobs }: ScaleRequest, now: number) {
    this.#now = now;
    this.#stream = new RecordStream(activeJobs, now);
    this.#shard = new ShardCore({
      saving: true,
      known: new KnownJobs(now).pages(idleJobs + activeJobs),
      onRows: (rows) => this.#board.apply(rows, this.#now),
    });
  }

  /** Milliseconds that the shard and the board took for so many facts of the active jobs. */
  apply(facts: number): number {
    const records = this.#stream.next(facts);
    this.#now = records.at(-1)?.receivedAt ?? this.#now;
    const startedAt = performance.now();
    this.#shard.apply({ records });
    return performance.now() - startedAt;
  }

  dashboardMs(activeJobs: number): number {
    const startedAt = performance.now();
    const board = dashboardOf(this.#board, EVERYTHING, HEALTH, this.#now, BOARD_LIMIT);
    const ms = performance.now() - startedAt;
    if (board.activeJobs.length < activeJobs / 2) {
      throw new BenchError("wrong", `The board shows ${board.activeJobs.length} active runs.`);
    }
    return ms;
  }

  sinceMs(): number {
    const startedAt = performance.now();
    let reached = Math.max(0, this.#board.seq - CHANGES);
    while (reached < this.#board.seq) {
      const next = this.#board.since(reached, EVERYTHING);
      if (next === null) throw new BenchError("wrong", "The board has forgotten a position.");
      reached = next.seq;
    }
    return performance.now() - startedAt;
  }
}

/** @param heapBytes collects what can be collected and says what is left */
export function measureSize(request: ScaleRequest, heapBytes: () => number): ScaleResult {
  const { idleJobs, activeJobs, facts } = request;
  const empty = heapBytes();
  const size = new SizeOfScale(request, Date.now());
  const loaded = heapBytes();
  size.apply(2 * activeJobs);
  const active = heapBytes();
  const steps = Array.from({ length: WARM_UP_STEPS + Math.ceil(facts / FACTS_PER_STEP) }, () => ({
    eventMs: size.apply(FACTS_PER_STEP),
    sinceMs: size.sinceMs(),
  })).slice(WARM_UP_STEPS);
  const queries = Array.from({ length: WARM_UP_QUERIES + QUERIES }, () =>
    size.dashboardMs(activeJobs),
  ).slice(WARM_UP_QUERIES);
  const eventMs = steps.reduce((sum, step) => sum + step.eventMs, 0);
  return {
    knownBytes: (loaded - empty) / (idleJobs + activeJobs),
    activeBytes: (active - loaded) / activeJobs,
    eventNs: (eventMs * 1_000_000) / (steps.length * FACTS_PER_STEP),
    dashboardMs: medianOf(queries),
    sinceMs: medianOf(steps.map((step) => step.sinceMs)),
  };
}
