import type { MessagePort } from "node:worker_threads";
import type { JournalBond, JournalRecord, PartitionLog } from "@batchwatch/engine";
import { crossed, type FromLog, type JournalStats, type ToLog } from "./messages.ts";
import { ThreadAwayError } from "./thread-away.ts";
import { packRecords } from "./packed-records.ts";

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export interface LogClientOptions {
  /** The journal is durable up to here. */
  readonly onEnd: (end: number) => void;
  /** A thread has opened the journal. */
  readonly onReady: (bond: JournalBond) => void;
}

/**
 * The main thread's end of the log thread, whichever it is now. `append` resolves once the records are on disk.
 * While there is no thread everything fails with `not_durable`; nothing is queued, because a producer that waits
 * for its answer repeats by itself.
 */
export class LogClient implements PartitionLog {
  readonly #options: LogClientOptions;
  readonly #pending = new Map<number, Waiting<number>>();
  readonly #statsPending = new Map<number, Waiting<JournalStats>>();
  #port: MessagePort | null = null;
  #cause: Error | null = null;
  #nextId = 1;
  #end = 0;
  #failure: string | null = null;

  constructor(options: LogClientOptions) {
    this.#options = options;
  }

  /** Highest durable position. */
  get end(): number {
    return this.#end;
  }

  /** Code of the last write, when it failed; null once one has succeeded again. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Records can be made durable, as far as is known. */
  get accepts(): boolean {
    return this.#port !== null && this.#failure === null;
  }

  attach(port: MessagePort): void {
    port.on("message", (message: FromLog) => this.#receive(message, port));
  }

  detach(cause: Error): void {
    this.#port = null;
    this.#cause = cause;
    const away = new ThreadAwayError("not_durable", cause);
    for (const { reject } of this.#pending.values()) reject(away);
    for (const { reject } of this.#statsPending.values()) reject(away);
    this.#pending.clear();
    this.#statsPending.clear();
  }

  append(records: readonly JournalRecord[]): Promise<number> {
    if (records.length === 0) return Promise.resolve(this.#end);
    const packed = packRecords(records);
    return this.#ask((id) => ({ type: "append", id, records: packed }), [packed.bytes.buffer]);
  }

  async truncate(position: number): Promise<void> {
    await this.#ask((id) => ({ type: "truncate", id, position }));
  }

  /** Remembers the store, and goes on above `continueAfter`. */
  async bind(storeId: string, continueAfter: number): Promise<void> {
    this.#end = await this.#ask((id) => ({ type: "bind", id, storeId, continueAfter }));
  }

  /** Tries one small write: whether a full or failing disk takes writes again. */
  async prove(): Promise<void> {
    await this.#ask((id) => ({ type: "prove", id }));
  }

  stats(): Promise<JournalStats> {
    const port = this.#port;
    if (port === null) return Promise.reject(new ThreadAwayError("not_durable", this.#cause));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#statsPending.set(id, { resolve, reject });
      post(port, { type: "stats", id });
    });
  }

  /** @param setAside keep the file under another name: it is damaged and all that can be read of it is saved. */
  stop(setAside: boolean): void {
    if (this.#port !== null) post(this.#port, { type: "stop", setAside });
  }

  #ask(message: (id: number) => ToLog, transfer: ArrayBuffer[] = []): Promise<number> {
    const port = this.#port;
    if (port === null) return Promise.reject(new ThreadAwayError("not_durable", this.#cause));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      post(port, message(id), transfer);
    });
  }

  #take(id: number): Waiting<number> | undefined {
    return taken(this.#pending, id);
  }

  #receive(message: FromLog, port: MessagePort): void {
    switch (message.type) {
      case "ready":
        this.#port = port;
        // A commit whose answer was lost with the last thread may have moved it on.
        this.#end = Math.max(this.#end, message.bond.end);
        this.#options.onReady(message.bond);
        this.#options.onEnd(this.#end);
        break;
      case "appended":
        this.#end = message.end;
        this.#failure = null;
        for (const id of message.ids) this.#take(id)?.resolve(message.end);
        this.#options.onEnd(message.end);
        break;
      case "refused":
        if (message.write) this.#failure = message.error.code ?? "unknown";
        for (const id of message.ids) {
          const waiting = this.#take(id) ?? taken(this.#statsPending, id);
          waiting?.reject(crossed(message.error));
        }
        break;
      case "done":
        if (message.write) this.#failure = null;
        this.#take(message.id)?.resolve(message.end);
        break;
      case "stats":
        taken(this.#statsPending, message.id)?.resolve(message.stats);
        break;
    }
  }
}

function taken<T>(pending: Map<number, T>, id: number): T | undefined {
  const waiting = pending.get(id);
  pending.delete(id);
  return waiting;
}

function post(port: MessagePort, message: ToLog, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
