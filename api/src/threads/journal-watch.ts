import type { JournalDamage } from "@batchwatch/engine";
import type { Logger } from "../logger.ts";

/** What the shards found out about the journal's file, said once each. */
export class JournalWatch {
  readonly #logger: Pick<Logger, "info" | "error">;
  readonly #damage = new Map<number, number>();
  readonly #trouble = new Map<string, string>();

  constructor(logger: Pick<Logger, "info" | "error">) {
    this.#logger = logger;
  }

  /** Positions that cannot be read any more. */
  get damagedPositions(): number {
    let sum = 0;
    for (const [from, to] of this.#damage) sum += to - from + 1;
    return sum;
  }

  /** Why a shard cannot read the journal for now, as SQLite's code; null: all can. */
  get unreadable(): string | null {
    return [...this.#trouble.values()][0] ?? null;
  }

  /** Whether these positions were not known before. */
  damaged(damage: JournalDamage): boolean {
    if ((this.#damage.get(damage.from) ?? 0) >= damage.to) return false;
    this.#damage.set(damage.from, damage.to);
    this.#logger.error(
      { ...damage },
      "journal rows cannot be read any more; the file is set aside at the next clean stop",
    );
    return true;
  }

  /** What one shard says, each second: the code its last read failed with, null where it did not. */
  read(shard: string, code: string | null): void {
    if ((this.#trouble.get(shard) ?? null) === code) return;
    if (code === null) {
      this.#trouble.delete(shard);
      this.#logger.info({ thread: shard }, "the journal is read again");
      return;
    }
    this.#trouble.set(shard, code);
    this.#logger.error(
      { thread: shard, code },
      "the journal cannot be read for now; it is tried again",
    );
  }
}
