import { threadId } from "node:worker_threads";
import { LIMITS } from "@batchwatch/engine";

/** Cells per thread: its heartbeat counter, its thread id, and how late its latest beat was at most, ms. */
const CELLS = 3;

/** Heartbeats in shared memory: a thread that hangs cannot answer, but its standing counter can be read. */
export class Heartbeats {
  readonly cells: Int32Array;

  constructor(threads: number) {
    this.cells = new Int32Array(
      new SharedArrayBuffer(threads * CELLS * Int32Array.BYTES_PER_ELEMENT),
    );
  }

  counts(): number[] {
    const threads = this.cells.length / CELLS;
    return Array.from({ length: threads }, (_, slot) => Atomics.load(this.cells, slot * CELLS));
  }

  /** Id of the thread that beats in this slot; null before its first beat. */
  threadIn(slot: number): number | null {
    return Atomics.load(this.cells, slot * CELLS + 1) || null;
  }

  /** How late the thread's event loop ran at most since this was last asked, ms. */
  takeDelayMs(slot: number): number {
    return Atomics.exchange(this.cells, slot * CELLS + 2, 0);
  }

  clear(slot: number): void {
    Atomics.store(this.cells, slot * CELLS + 1, 0);
  }
}

/** The thread's side: beats by a timer of its own until the returned function is called. */
export function startBeating(cells: Int32Array, slot: number): () => void {
  Atomics.store(cells, slot * CELLS + 1, threadId);
  let due = performance.now() + LIMITS.supervisorTickMs;
  const timer = setInterval(() => {
    const now = performance.now();
    const late = Math.round(now - due);
    due = now + LIMITS.supervisorTickMs;
    Atomics.add(cells, slot * CELLS, 1);
    if (late > Atomics.load(cells, slot * CELLS + 2)) Atomics.store(cells, slot * CELLS + 2, late);
  }, LIMITS.supervisorTickMs);
  return () => clearInterval(timer);
}
