import { openJournalReader } from "@batchwatch/db/journal";
import { type FromShard, Shard } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { RoundJournal } from "../core/round-journal.ts";

const FACTS_PER_PART = 50_000;

/**
 * Facts a second that one shard replays from an unsaved journal: reading the file, decoding, joining and making rows.
 * The store and other threads have no part in it: its first piece is never answered.
 */
export async function replayRate(facts: number, jobs: number): Promise<number> {
  const journal = await RoundJournal.make(jobs, Date.now());
  try {
    for (let made = 0; made < facts; made += FACTS_PER_PART) journal.add(FACTS_PER_PART);
    const reader = openJournalReader(journal.path);
    let caughtUp = false;
    const send = ({ type }: FromShard): void => {
      if (type === "caught-up") caughtUp = true;
    };
    const shard = new Shard({ index: 0, count: 1, reader, clock: { now: Date.now }, send });
    const startedAt = performance.now();
    shard.start(1, [{ partition: 0, position: 0 }], reader.end());
    while (shard.step());
    const ms = performance.now() - startedAt;
    reader.close();
    const { factsApplied } = shard.stats;
    if (!caughtUp || factsApplied !== facts) {
      throw new BenchError("wrong", `${factsApplied} of ${facts} facts were replayed.`);
    }
    return (facts * 1_000) / ms;
  } finally {
    await journal.remove();
  }
}
