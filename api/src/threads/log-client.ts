import type { MessagePort } from "node:worker_threads";
import type { JournalRecord, PartitionLog } from "@batchwatch/engine";
import { crossed, type FromLog, type JournalStats, type ToLog } from "./messages.ts";
import { packRecords } from "./packed-records.ts";

interface Waiting {
  readonly resolve: (value: number) => void;
  readonly reject: (error: Error) => void;
}

/** The main thread's end of the log thread. `append` resolves once the records are on disk. */
export class LogClient implements PartitionLog {
  readonly ready: Promise<number>;
  readonly #port: MessagePort;
  readonly #onEnd: (end: number) => void;
  readonly #pending = new Map<number, Waiting>();
  readonly #statsPending = new Map<number, (stats: JournalStats) => void>();
  #nextId = 1;
  #end = 0;
  #dead: Error | null = null;
  #announceReady: (end: number) => void = () => {};
  #failReady: (error: Error) => void = () => {};

  constructor(port: MessagePort, onEnd: (end: number) => void) {
    this.#port = port;
    this.#onEnd = onEnd;
    this.ready = new Promise((resolve, reject) => {
      this.#announceReady = resolve;
      this.#failReady = reject;
    });
    port.on("message", (message: FromLog) => this.#receive(message));
  }

  /** Highest durable position. */
  get end(): number {
    return this.#end;
  }

  append(records: readonly JournalRecord[]): Promise<number> {
    if (records.length === 0) return Promise.resolve(this.#end);
    const packed = packRecords(records);
    return this.#ask((id) => ({ type: "append", id, records: packed }), [packed.bytes.buffer]);
  }

  async truncate(position: number): Promise<void> {
    await this.#ask((id) => ({ type: "truncate", id, position }));
  }

  stats(): Promise<JournalStats> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#statsPending.set(id, resolve);
      this.#post({ type: "stats", id });
    });
  }

  stop(): void {
    this.#post({ type: "stop" });
  }

  died(cause: Error): void {
    this.#dead = cause;
    this.#failReady(cause);
    for (const { reject } of this.#pending.values()) reject(cause);
    this.#pending.clear();
  }

  #ask(message: (id: number) => ToLog, transfer: ArrayBuffer[] = []): Promise<number> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#post(message(id), transfer);
    });
  }

  #post(message: ToLog, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  #receive(message: FromLog): void {
    switch (message.type) {
      case "ready":
        this.#end = message.end;
        this.#announceReady(message.end);
        break;
      case "appended":
        this.#end = message.end;
        for (const id of message.ids) this.#take(id)?.resolve(message.end);
        this.#onEnd(message.end);
        break;
      case "refused":
        for (const id of message.ids) this.#take(id)?.reject(crossed(message.error));
        break;
      case "truncated":
        this.#take(message.id)?.resolve(0);
        break;
      case "stats":
        this.#statsPending.get(message.id)?.(message.stats);
        this.#statsPending.delete(message.id);
        break;
    }
  }
}
