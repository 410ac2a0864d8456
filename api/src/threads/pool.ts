import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";

/** A never-ending task of the pool. `ended` settles when its thread does; rejecting is a death. */
export interface Lasting {
  readonly port: MessagePort;
  readonly ended: Promise<void>;
  /** Ends its thread, whatever that does and whether it has begun or not. */
  readonly abort: () => void;
}

/**
 * The pool of lasting threads (log, store, shards): one task a thread, timers and ports alive in all of them
 * (`atomics: "disabled"`).
 */
export class ThreadPool {
  readonly #pool: Piscina;

  /** @param heapMb heap of one thread; one that needs more is ended, MiB. */
  constructor(threads: number, heapMb: number) {
    this.#pool = new Piscina({
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      atomics: "disabled",
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    // A thread that dies while it has no task: the next task gets a new one.
    this.#pool.on("error", () => {});
  }

  run(file: string, options: Readonly<Record<string, unknown>>): Lasting {
    const { port1, port2 } = new MessageChannel();
    const aborter = new AbortController();
    const ended = this.#pool.run(
      { ...options, port: port2 },
      { filename: threadFile(file), transferList: [port2], signal: aborter.signal },
    ) as Promise<void>;
    return { port: port1, ended, abort: () => aborter.abort() };
  }

  /** Ends one thread; waits for a SQLite call inside it. */
  async terminate(threadId: number): Promise<void> {
    await this.#pool.threads.find((thread) => thread.threadId === threadId)?.terminate();
  }

  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}

/** A pool of stateless threads, started on first use and gone again when idle. */
export class StatelessPool<Task, Answer> {
  readonly #file: string;
  readonly #threads: number;
  readonly #queued: number;
  #pool: Piscina | null = null;

  /** @param queued tasks that may wait; above it `run` rejects. */
  constructor(file: string, threads: number, queued: number) {
    this.#file = file;
    this.#threads = threads;
    this.#queued = queued;
  }

  run(task: Task, transferList: ArrayBuffer[] = []): Promise<Answer> {
    this.#pool ??= new Piscina({
      filename: threadFile(this.#file),
      minThreads: 1,
      maxThreads: this.#threads,
      maxQueue: this.#queued,
      idleTimeout: 60_000,
      recordTiming: false,
    });
    return this.#pool.run(task, { transferList }) as Promise<Answer>;
  }

  async destroy(): Promise<void> {
    await this.#pool?.destroy();
  }
}

function threadFile(file: string): string {
  return new URL(`./${file}.js`, import.meta.url).href;
}
