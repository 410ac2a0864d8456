import type { Fact } from "../model/fact.ts";
import type { Source } from "../model/job.ts";
import { RecordReader } from "../model/record/record-reader.ts";
import type { Admitted } from "./admit-types.ts";

const reader = new RecordReader();

/** A source as tests need it; nothing in it matters but what a test sets. */
export function sampleSource(part: Partial<Source> = {}): Source {
  return {
    sourceId: "src-1",
    name: "night batch",
    contract: "native",
    environment: "PROD",
    zone: "UTC",
    newDayTime: "00:00",
    businessDateParams: ["businessDate", "asOfDate", "cobDate", "run.date"],
    pagingMode: "WATCHING",
    recoveryRecipe: null,
    teamId: null,
    createdAt: 0,
    ...part,
  };
}

/** Facts of all records of an answer. */
export function factsOf(admitted: Admitted): Fact[] {
  return admitted.records.flatMap(({ bytes, partition }) =>
    reader.read(bytes, partition).flatMap((section) => section.facts),
  );
}
