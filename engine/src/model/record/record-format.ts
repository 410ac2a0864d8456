import { OBSERVATION_KINDS, type ObservationKind } from "../fact.ts";

/**
 * Layout of a journal record, version 2. `count` is a whole number, seven bits a byte, the lowest first; `text` is a
 * count of bytes and UTF-8.
 *
 * ```
 * record   = 0x02, count receivedAt, count bytesOfTexts, { text }, { section }
 * section  = count partition, count bytesOfFacts, { fact }
 * fact     = tag, …                        kind 0–6 of OBSERVATION_KINDS in the low three bits
 *   7      = text                          the fact as JSON
 *   0–6    = [run], count age, count textIndex (team), [numbers], [text (JSON of the other members)]
 * run      = 16 bytes executionId, 10 bytes jobId, text namespace, text name, text runKey
 * age      = receivedAt − occurredAt, zigzag
 * numbers  = count of NUMBER bits, then each value in the order of the bits
 * ```
 *
 * Members of a fact keep their order, because a fact's id is a hash of its JSON: what comes in the usual order is
 * packed, and from the first member that does not, the rest is JSON.
 */
export const RECORD_BYTE = 2;
/** First byte of a record of version 1, which is a JSON array of facts. */
export const JSON_BYTE = 0x5b;

export const JSON_FACT = 7;
export const KIND_BITS = 7;
/** Flags of a fact's tag. */
export const TAG = {
  sameRun: 8,
  clamped: 16,
  historical: 32,
  numbers: 64,
  rest: 128,
} as const;

/** Which numbers follow; in this order. */
export const NUMBER = {
  stage: 1,
  stageIndex: 2,
  done: 4,
  total: 8,
  unit: 16,
  read: 32,
  written: 64,
  skipped: 128,
  rolledBack: 256,
  filtered: 512,
} as const;
export const COUNTER_BITS: number =
  NUMBER.read | NUMBER.written | NUMBER.skipped | NUMBER.rolledBack | NUMBER.filtered;

export const EXECUTION_ID_BYTES = 16;
export const JOB_ID_BYTES = 10;

export const KIND_NUMBERS: ReadonlyMap<ObservationKind, number> = new Map(
  OBSERVATION_KINDS.map((kind, number) => [kind, number]),
);

/** `partition` of a record whose sections say it. */
export const MANY_PARTITIONS = -1;
