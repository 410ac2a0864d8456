import type { JournalReader, PositionedRecord } from "@batchwatch/engine";

/** The read side of a journal whose records are handed over in memory, positions without gaps, for one shard. */
export class MemoryReader implements JournalReader {
  #records: readonly PositionedRecord[] = [];

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
    return this.#records.slice(from, from + limit);
  }

  end(): number {
    return this.#records.at(-1)?.position ?? 0;
  }

  close(): void {}
}
