import type { JournalRecord, PartitionLog } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

interface Waiting {
  readonly records: readonly JournalRecord[];
  readonly resolve: (end: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts what many requests bring into few appends: each append is a message to the log thread and
 * one back, whatever it holds. Requests of one turn of the event loop go together, and while enough appends are under way the next
 * ones are collected. It holds no more than what the gate lets in.
 */
export class AppendQueue {
  readonly #log: Pick<PartitionLog, "append">;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #scheduled = false;

  constructor(log: Pick<PartitionLog, "append">) {
    this.#log = log;
  }

  /** Resolves with a durable position at or behind these records; rejects when their append failed. */
  append(records: readonly JournalRecord[]): Promise<number> {
    if (records.length === 0) return this.#log.append(records);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    });
  }

  #send(): void {
    if (this.#waiting.length === 0 || this.#underWay >= API_LIMITS.appendsUnderWay) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#underWay += 1;
    this.#log.append(batch.flatMap((one) => one.records)).then(
      (end) => {
        for (const { resolve } of batch) resolve(end);
        this.#done();
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error);
        this.#done();
      },
    );
  }

  #done(): void {
    this.#underWay -= 1;
    this.#send();
  }
}
