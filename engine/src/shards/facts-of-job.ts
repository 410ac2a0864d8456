import type { Fact, Observation, PositionedRecord } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import type { ShardOptions } from "./shard.ts";

/** One job's observations in the journal after `from`, up to and at `to`. What cannot be read is kept elsewhere, whole. */
export function* factsOfJob(
  { reader, index, count }: Pick<ShardOptions, "reader" | "index" | "count">,
  job: { readonly jobId: string; readonly partition: number },
  range: { readonly from: number; readonly to: number },
  decode: (record: PositionedRecord) => readonly Fact[],
): Generator<readonly [Observation, PositionedRecord]> {
  let position = range.from;
  while (position < range.to) {
    const records = reader.readAfter(position, index, count, LIMITS.journalReadRows);
    for (const record of records) {
      if (record.position > range.to || record.partition !== job.partition) continue;
      for (const fact of readable(record, decode)) {
        if (fact.type === "observation" && fact.jobId === job.jobId) yield [fact, record];
      }
    }
    position = records.at(-1)?.position ?? range.to;
  }
}

function readable(
  record: PositionedRecord,
  decode: (record: PositionedRecord) => readonly Fact[],
): readonly Fact[] {
  try {
    return decode(record);
  } catch {
    return [];
  }
}
