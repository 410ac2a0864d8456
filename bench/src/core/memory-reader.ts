import type { JournalReader, PositionedRecord } from "@batchwatch/engine";

/** The read side of a journal whose records are handed over in memory, positions without gaps, for one shard. */
export class MemoryReader implements JournalReader {
  #records: readonly PositionedRecord[] = [];
  #readTo = 0;

  /** Replaces those held before, which must have been read. Returns the last position. */
  hold(records: readonly PositionedRecord[]): number {
    this.#records = records;
    return this.end();
  }

  readAfter(
    position: number,
    _shardIndex: number,
    _shardCount: number,
    limit: number,
  ): PositionedRecord[] {
    const from = position + 1 - (this.#records[0]?.position ?? 0);
    const read = this.#records.slice(from, from + limit);
    this.#readTo = read.at(-1)?.position ?? this.#readTo;
    return read;
  }

  /** Some of those held have not been read. */
  get holdsMore(): boolean {
    return this.#readTo < this.end();
  }

  end(): number {
    return this.#records.at(-1)?.position ?? 0;
  }

  close(): void {}
}
