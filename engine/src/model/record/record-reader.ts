import { type Fact, type Observation, OBSERVATION_KINDS, type ObservationKind } from "../fact.ts";
import type { Counters, Progress } from "../run.ts";
import { ByteReader } from "./byte-reader.ts";
import {
  COUNTER_BITS,
  JSON_BYTE,
  JSON_FACT,
  KIND_BITS,
  MANY_PARTITIONS,
  NUMBER,
  RECORD_BYTE,
  TAG,
} from "./record-format.ts";
import { RecordTexts, textAt } from "./record-texts.ts";
import { type RunHead, RunHeads } from "./run-heads.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Facts of one partition, in the order in which they were admitted. */
export interface Section {
  readonly partition: number;
  readonly facts: readonly Fact[];
}

/** Reads journal records of this version and the one before. One owner: it remembers what it read. */
export class RecordReader {
  readonly #heads = new RunHeads();
  readonly #texts = new RecordTexts();
  readonly #decoder = new TextDecoder();

  /**
   * The facts of those partitions that `wants` takes; the others are passed over unread.
   * Throws when the bytes are not a record.
   *
   * @param partition what the journal's row says: a partition, or `MANY_PARTITIONS`
   */
  read(
    bytes: Uint8Array,
    partition: number,
    wants: (partition: number) => boolean = () => true,
  ): readonly Section[] {
    if (bytes[0] === RECORD_BYTE) return this.#readSections(new ByteReader(bytes), wants);
    if (bytes[0] === JSON_BYTE && partition !== MANY_PARTITIONS) {
      return [{ partition, facts: JSON.parse(this.#decoder.decode(bytes)) as Fact[] }];
    }
    throw new RangeError("The bytes are not a record of a known version.");
  }

  #readSections(reader: ByteReader, wants: (partition: number) => boolean): readonly Section[] {
    reader.byte();
    const receivedAt = reader.count();
    const texts = this.#texts.read(reader);
    const sections: Section[] = [];
    while (!reader.done) {
      const partition = reader.count();
      const length = reader.count();
      const end = reader.at + length;
      if (!wants(partition)) {
        reader.skip(length);
        continue;
      }
      const facts: Fact[] = [];
      let head: RunHead | null = null;
      while (reader.at < end) {
        const tag = reader.byte();
        if ((tag & KIND_BITS) === JSON_FACT) {
          facts.push(JSON.parse(reader.text()) as Fact);
          head = null;
          continue;
        }
        if ((tag & TAG.sameRun) === 0) head = this.#heads.read(reader);
        if (head === null)
          throw new RangeError("The record refers to a run that it does not name.");
        facts.push(readObservation(reader, tag, head, receivedAt, texts));
      }
      if (reader.at !== end) throw new RangeError("A section of the record ends within a fact.");
      sections.push({ partition, facts });
    }
    return sections;
  }
}

function readObservation(
  reader: ByteReader,
  tag: number,
  head: RunHead,
  receivedAt: number,
  texts: readonly string[],
): Observation {
  const age = reader.count();
  const occurredAt = receivedAt - (age % 2 === 0 ? age / 2 : -(age + 1) / 2);
  const { jobId, executionId, namespace, name, runKey } = head;
  const teamId = textAt(texts, reader.count());
  const kind = OBSERVATION_KINDS[tag & KIND_BITS] as ObservationKind;
  const fact: Writable<Observation> = {
    type: "observation",
    jobId,
    executionId,
    namespace,
    name,
    teamId,
    runKey,
    kind,
    occurredAt,
  };
  if ((tag & TAG.clamped) !== 0) fact.clamped = true;
  if ((tag & TAG.historical) !== 0) fact.historical = true;
  if ((tag & TAG.numbers) !== 0) readNumbers(reader, fact, texts);
  if ((tag & TAG.rest) !== 0) Object.assign(fact, JSON.parse(reader.text()));
  return fact;
}

function readNumbers(
  reader: ByteReader,
  fact: Writable<Observation>,
  texts: readonly string[],
): void {
  const bits = reader.count();
  if ((bits & NUMBER.stage) !== 0) {
    const name = textAt(texts, reader.count());
    fact.stage = (bits & NUMBER.stageIndex) === 0 ? { name } : { name, index: reader.count() };
  }
  if ((bits & NUMBER.done) !== 0) fact.progress = readProgress(reader, bits, texts);
  if ((bits & COUNTER_BITS) !== 0) fact.counters = readCounters(reader, bits);
}

function readProgress(reader: ByteReader, bits: number, texts: readonly string[]): Progress {
  const progress: Writable<Progress> = { done: reader.count() };
  if ((bits & NUMBER.total) !== 0) progress.total = reader.count();
  if ((bits & NUMBER.unit) !== 0) progress.unit = textAt(texts, reader.count());
  return progress;
}

function readCounters(reader: ByteReader, bits: number): Counters {
  const counters: Writable<Counters> = {};
  if ((bits & NUMBER.read) !== 0) counters.read = reader.count();
  if ((bits & NUMBER.written) !== 0) counters.written = reader.count();
  if ((bits & NUMBER.skipped) !== 0) counters.skipped = reader.count();
  if ((bits & NUMBER.rolledBack) !== 0) counters.rolledBack = reader.count();
  if ((bits & NUMBER.filtered) !== 0) counters.filtered = reader.count();
  return counters;
}
