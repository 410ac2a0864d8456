import type { JournalRecord, PositionedRecord } from "../model/fact.ts";
import { MANY_PARTITIONS } from "../model/record/record-format.ts";
import type { JournalReader } from "../ports/partition-log.ts";

/** A journal in memory: what `append` returned is durable, positions are never used again. */
export class MemoryLog {
  #records: PositionedRecord[] = [];
  #end = 0;
  #truncatedTo = 0;
  /** Nothing can be appended (a full disk). */
  full = false;

  get end(): number {
    return this.#end;
  }

  get truncatedTo(): number {
    return this.#truncatedTo;
  }

  get records(): readonly PositionedRecord[] {
    return this.#records;
  }

  append(records: readonly JournalRecord[]): readonly PositionedRecord[] {
    if (this.full) throw new Error("The disk is full.");
    const added = records.map((record) => {
      this.#end += 1;
      return { position: this.#end, ...record };
    });
    this.#records.push(...added);
    return added;
  }

  /** The power fails: what was answered is still there. */
  crash(): void {}

  /** For journals that are wrong on purpose: the newest record was not durable. */
  protected dropLast(): void {
    if (this.#records.pop() !== undefined) this.#end -= 1;
  }

  /** Removes everything up to `position` and answers what was removed. */
  truncate(position: number): readonly PositionedRecord[] {
    if (position <= this.#truncatedTo) return [];
    const upTo = Math.min(position, this.#end);
    const removed = this.#records.filter((record) => record.position <= upTo);
    this.#records = this.#records.slice(removed.length);
    this.#truncatedTo = upTo;
    return removed;
  }

  reader(): JournalReader {
    return {
      readAfter: (position, index, count, limit) => {
        const found: PositionedRecord[] = [];
        const first = this.#records[0]?.position ?? 0;
        for (let at = Math.max(0, position - first + 1); at < this.#records.length; at += 1) {
          const record = this.#records[at];
          if (record === undefined || found.length === limit) break;
          const { partition } = record;
          if (partition === MANY_PARTITIONS || partition % count === index) found.push(record);
        }
        return found;
      },
      end: () => this.#end,
      close: () => {},
    };
  }
}
