import type { Observation, PositionedRecord } from "../model/fact.ts";
import { RecordReader, type Section } from "../model/record/record-reader.ts";
import type { StretchReader } from "./stretch-reader.ts";

export interface UnsavedFactsOptions {
  readonly journal: StretchReader;
  readonly found: (fact: Observation, record: PositionedRecord) => void;
}

/** Positions after `from`, up to and at `to`. */
interface Range {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

interface Pass {
  readonly jobs: ReadonlyMap<string, Range>;
  readonly partitions: ReadonlySet<number>;
  readonly to: number;
  position: number;
}

/**
 * Reads again what the journal holds of jobs that were given up and is not saved, one stretch a turn: one pass for however
 * many jobs. Those given up meanwhile are in the next pass, so each has as much again to read at most as was read before it.
 */
export class UnsavedFacts {
  readonly #options: UnsavedFactsOptions;
  readonly #records = new RecordReader();
  #waiting = new Map<string, Range>();
  #pass: Pass | null = null;

  constructor(options: UnsavedFactsOptions) {
    this.#options = options;
  }

  want(jobId: string, range: Range): void {
    if (range.to > range.from) this.#waiting.set(jobId, range);
  }

  /** Jobs of which some facts are still to be found. */
  get jobs(): number {
    return this.#waiting.size + (this.#pass?.jobs.size ?? 0);
  }

  /** What the journal says of the job at this position will be found. */
  covers(jobId: string, position: number): boolean {
    const range = this.#waiting.get(jobId) ?? this.#pass?.jobs.get(jobId);
    return range !== undefined && position <= range.to;
  }

  /** Reads one stretch, if any is to be read. */
  step(): void {
    const pass = this.#pass ?? this.#begin();
    if (pass === null) return;
    const { journal } = this.#options;
    const { records } = journal.readAfter(pass.position);
    if (journal.waits) return;
    for (const record of records) if (record.position <= pass.to) this.#look(pass, record);
    pass.position = records.at(-1)?.position ?? pass.to;
    if (pass.position >= pass.to) this.#pass = null;
  }

  #begin(): Pass | null {
    if (this.#waiting.size === 0) return null;
    const jobs = this.#waiting;
    this.#waiting = new Map();
    let position = Number.POSITIVE_INFINITY;
    let to = 0;
    for (const range of jobs.values()) {
      position = Math.min(position, range.from);
      to = Math.max(to, range.to);
    }
    const partitions = new Set([...jobs.values()].map(({ partition }) => partition));
    this.#pass = { jobs, partitions, position, to };
    return this.#pass;
  }

  #look({ jobs, partitions }: Pass, record: PositionedRecord): void {
    for (const { facts } of this.#sections(record, partitions)) {
      for (const fact of facts) {
        if (fact.type !== "observation") continue;
        const range = jobs.get(fact.jobId);
        if (range === undefined) continue;
        if (record.position > range.from && record.position <= range.to) {
          this.#options.found(fact, record);
        }
      }
    }
  }

  /** What cannot be read is kept elsewhere, whole. */
  #sections(record: PositionedRecord, partitions: ReadonlySet<number>): readonly Section[] {
    try {
      return this.#records.read(record.bytes, record.partition, (one) => partitions.has(one));
    } catch {
      return [];
    }
  }
}
