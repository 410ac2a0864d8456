import { LIMITS } from "../model/limits.ts";
import {
  NEW_LIFE,
  stepThread,
  type ThreadInput,
  type ThreadLife,
  type ThreadOrder,
  type ThreadPhase,
} from "./thread-life.ts";

export type SupervisorAction = ThreadOrder & { readonly thread: number };

export interface ThreadReport {
  readonly phase: ThreadPhase;
  readonly restarts: number;
  /** Time since its heartbeat counter last moved, as far as the supervisor could see. */
  readonly silentMs: number;
  readonly lastCause: string | null;
}

/**
 * One supervisor for all never-ending threads, by number: one dies, one is replaced (engine/SPEC.md SUP-1…3).
 * Thread-free and without a clock: every call takes the monotonic time in milliseconds and answers what is to be done.
 */
export class Supervisor {
  readonly #lives: ThreadLife[];
  #lastTick: number | null = null;

  constructor(threads: number) {
    this.#lives = Array.from({ length: threads }, () => NEW_LIFE);
  }

  start(thread: number, now: number): SupervisorAction[] {
    return this.#step(thread, { type: "start" }, now);
  }

  ready(thread: number, now: number): void {
    this.#step(thread, { type: "ready" }, now);
  }

  died(
    thread: number,
    death: { readonly cause: string; readonly permanent: boolean },
    now: number,
  ): SupervisorAction[] {
    return this.#step(thread, { type: "died", ...death }, now);
  }

  /** `beats` are the heartbeat counters by thread. Called every `LIMITS.supervisorTickMs`. */
  tick(beats: readonly number[], now: number): SupervisorAction[] {
    const elapsed = this.#lastTick === null ? 0 : now - this.#lastTick;
    this.#lastTick = now;
    // A stall of this thread, SIGSTOP or a paused machine says nothing of the others. A tick that is a little late is one
    // of a machine with too much to do: the other threads got as small a part of that time as this one.
    const late = elapsed > LIMITS.supervisorLateMs;
    const elapsedMs = late ? 0 : Math.min(elapsed, LIMITS.supervisorTickMs);
    return this.#lives.flatMap((_life, thread) =>
      this.#step(thread, { type: "tick", beats: beats[thread] ?? 0, elapsedMs }, now),
    );
  }

  /** From now on a thread that ends has ended, and is not replaced. */
  stop(now: number): void {
    for (const thread of this.#lives.keys()) this.#step(thread, { type: "stop" }, now);
  }

  report(thread: number): ThreadReport {
    const { phase, restarts, silentMs, lastCause } = this.#lives[thread] ?? NEW_LIFE;
    return { phase, restarts, silentMs, lastCause };
  }

  #step(thread: number, input: ThreadInput, now: number): SupervisorAction[] {
    const known = this.#lives[thread];
    if (known === undefined) return [];
    const { life, order } = stepThread(known, input, now);
    this.#lives[thread] = life;
    return order === null ? [] : [{ ...order, thread }];
  }
}
