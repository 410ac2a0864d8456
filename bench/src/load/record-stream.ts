import { admit, type Observation, type PositionedRecord, RecordReader } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import { BENCH_SOURCE } from "./bench-source.ts";
import { Workload } from "./workload.ts";

const EVENTS_PER_REQUEST = 500;
/** Time between two requests, so that no two facts of a job are of the same instant. */
const REQUEST_EVERY_MS = 20;

const encoder = new TextEncoder();
const reader = new RecordReader();

/** The journal that requests of 500 events would leave: made by the door itself, the same each time. */
export class RecordStream {
  readonly #workload: Workload;
  #position = 0;
  #now: number;

  /** @param now epoch milliseconds of the first request */
  constructor(jobs: number, now: number) {
    this.#workload = new Workload(jobs);
    this.#now = now;
  }

  /** Position of the last record made. */
  get position(): number {
    return this.#position;
  }

  /** The records of the next so many facts, which must be whole requests. */
  next(facts: number): PositionedRecord[] {
    const records: PositionedRecord[] = [];
    for (let made = 0; made < facts; made += EVENTS_PER_REQUEST) {
      const bytes = encoder.encode(this.#workload.next(EVENTS_PER_REQUEST, this.#now));
      const admitted = admit({
        contract: "native",
        bytes,
        source: BENCH_SOURCE,
        receivedAt: this.#now,
      });
      if (admitted.accepted !== EVENTS_PER_REQUEST) {
        throw new BenchError("wrong", `The door took ${admitted.accepted} of the facts.`);
      }
      for (const record of admitted.records) {
        this.#position += 1;
        records.push({ ...record, position: this.#position });
      }
      this.#now += REQUEST_EVERY_MS;
    }
    return records;
  }
}

/** The facts of a record, as a shard decodes them. */
export function factsOf(record: PositionedRecord): readonly Observation[] {
  return reader
    .read(record.bytes, record.partition)
    .flatMap(({ facts }) => facts.filter((fact) => fact.type === "observation"));
}
