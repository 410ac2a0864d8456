import type { Fact, Observation } from "../fact.ts";
import { COUNTER_NAMES, type Counters, type Progress } from "../run.ts";
import { LIMITS } from "../limits.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  EXECUTION_ID_BYTES,
  JOB_ID_BYTES,
  JSON_FACT,
  KIND_NUMBERS,
  NUMBER,
  RECORD_BYTE,
  TAG,
} from "./record-format.ts";
import type { RunHead } from "./run-heads.ts";

type Members = Readonly<Record<string, unknown>>;

/** Members every observation begins with, in this order. */
const HEAD: readonly string[] = [
  "type",
  "jobId",
  "executionId",
  "namespace",
  "name",
  "teamId",
  "runKey",
  "kind",
  "occurredAt",
];
/** Members that are packed when they follow in this order. */
const PACKED: readonly string[] = ["clamped", "historical", "stage", "progress", "counters"];
const STAGE = 2;
const PROGRESS = 3;
const COUNTERS = 4;

/** Longest head that is remembered: those of all runs take 8 MiB at the most, whatever they are called. */
const MOST_HEAD_BYTES = 256;

const header = new ByteWriter();
const texts = new ByteWriter();
const body = new ByteWriter();
const section = new ByteWriter();
const headsWritten = new Map<string, { readonly head: RunHead; readonly bytes: Uint8Array }>();
const textNumbers = new Map<string, number>();

/** A record of these facts by partition, in a buffer of its own. */
export function encodeRecord(
  facts: ReadonlyMap<number, readonly Fact[]>,
  receivedAt: number,
): Uint8Array<ArrayBuffer> {
  header.clear();
  texts.clear();
  body.clear();
  textNumbers.clear();
  for (const [partition, placed] of facts) {
    section.clear();
    let before: Observation | null = null;
    for (const fact of placed) before = writeFact(fact, receivedAt, before);
    body.count(partition);
    body.count(section.length);
    body.bytes(section, 0, section.length);
  }
  header.byte(RECORD_BYTE);
  header.count(receivedAt);
  header.count(texts.length);
  header.bytes(texts, 0, texts.length);
  header.bytes(body, 0, body.length);
  return header.take();
}

/** Answers the fact whose run the next one may call "the same"; null when there is none. */
function writeFact(fact: Fact, receivedAt: number, before: Observation | null): Observation | null {
  const start = section.length;
  if (fact.type === "observation" && writeObservation(fact, receivedAt, before)) {
    return fact;
  }
  section.cutTo(start);
  section.byte(JSON_FACT);
  section.text(JSON.stringify(fact));
  return null;
}

/** False when it is not as observations are: then nothing of what was written counts. */
function writeObservation(
  fact: Observation,
  receivedAt: number,
  before: Observation | null,
): boolean {
  const kind = KIND_NUMBERS.get(fact.kind);
  const age = receivedAt - fact.occurredAt;
  if (kind === undefined || !Number.isSafeInteger(2 * age)) return false;
  const { flags, restFrom } = shapeOf(fact);
  if (flags < 0) return false;
  const sameRun = before !== null && isSameRun(fact, before);
  const tag =
    kind |
    (sameRun ? TAG.sameRun : 0) |
    (fact.clamped === true && (flags & 1) !== 0 ? TAG.clamped : 0) |
    (fact.historical === true && (flags & 2) !== 0 ? TAG.historical : 0) |
    (flags >> STAGE !== 0 ? TAG.numbers : 0) |
    (restFrom !== null ? TAG.rest : 0);
  section.byte(tag);
  if (!sameRun && !writeHead(fact)) return false;
  section.count(age < 0 ? -2 * age - 1 : 2 * age);
  section.count(textNumber(fact.teamId));
  if ((tag & TAG.numbers) !== 0) writeNumbers(fact, flags);
  if (restFrom !== null) section.text(restOf(fact as unknown as Members, restFrom));
  return true;
}

function headOf({ executionId, jobId, namespace, name, runKey }: Observation): RunHead {
  return { executionId, jobId, namespace, name, runKey };
}

/** A run's ids and names, as they were written before where they were. */
function writeHead(fact: Observation): boolean {
  const known = headsWritten.get(fact.executionId);
  if (known !== undefined && isSameRun(known.head, fact)) {
    section.all(known.bytes);
    return true;
  }
  const start = section.length;
  if (!section.hex(fact.executionId, EXECUTION_ID_BYTES)) return false;
  if (!section.hex(fact.jobId, JOB_ID_BYTES)) return false;
  section.text(fact.namespace);
  section.text(fact.name);
  section.text(fact.runKey);
  if (section.length - start > MOST_HEAD_BYTES) return true;
  if (headsWritten.size >= LIMITS.runHeadsRemembered) headsWritten.clear();
  headsWritten.set(fact.executionId, { head: headOf(fact), bytes: section.copy(start) });
  return true;
}

function isSameRun(a: RunHead, b: RunHead): boolean {
  return (
    a.executionId === b.executionId &&
    a.jobId === b.jobId &&
    a.runKey === b.runKey &&
    a.name === b.name &&
    a.namespace === b.namespace
  );
}

interface Shape {
  /** Bit n: member n of PACKED is there and packed; −1: the head is not as it should be. */
  readonly flags: number;
  /** First member that goes into the JSON; null when none does. */
  readonly restFrom: string | null;
}

const NO_SHAPE: Shape = { flags: -1, restFrom: null };

/** Which members are packed: as many as come in the usual order and hold what is usual. */
function shapeOf(fact: Observation): Shape {
  let head = 0;
  let next = 0;
  let flags = 0;
  for (const key in fact) {
    if (head < HEAD.length) {
      if (key !== HEAD[head]) return NO_SHAPE;
      head += 1;
      continue;
    }
    const member = PACKED.indexOf(key, next);
    if (member === -1 || !isPackable(fact, member)) return { flags, restFrom: key };
    flags |= 1 << member;
    next = member + 1;
  }
  return head === HEAD.length ? { flags, restFrom: null } : NO_SHAPE;
}

function isPackable(fact: Observation, member: number): boolean {
  if (member === STAGE) return fact.stage !== undefined && isStage(fact.stage);
  if (member === PROGRESS) return fact.progress !== undefined && isProgress(fact.progress);
  if (member === COUNTERS) return fact.counters !== undefined && areCounters(fact.counters);
  return true;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isStage(stage: NonNullable<Observation["stage"]>): boolean {
  return stage.index === undefined || isCount(stage.index);
}

function isProgress({ done, total }: Progress): boolean {
  return isCount(done) && (total === undefined || isCount(total));
}

/** At least one, known, whole, and in the order of COUNTER_NAMES. */
function areCounters(counters: Counters): boolean {
  let next = 0;
  for (const name in counters) {
    const place = COUNTER_NAMES.indexOf(name as keyof Counters, next);
    if (place === -1 || !isCount(counters[name as keyof Counters])) return false;
    next = place + 1;
  }
  return next > 0;
}

function writeNumbers(fact: Observation, flags: number): void {
  const stage = (flags & (1 << STAGE)) === 0 ? undefined : fact.stage;
  const progress = (flags & (1 << PROGRESS)) === 0 ? undefined : fact.progress;
  const counters = (flags & (1 << COUNTERS)) === 0 ? undefined : fact.counters;
  let bits = 0;
  if (stage !== undefined) {
    bits |= stage.index === undefined ? NUMBER.stage : NUMBER.stage | NUMBER.stageIndex;
  }
  if (progress !== undefined) {
    bits |= NUMBER.done;
    if (progress.total !== undefined) bits |= NUMBER.total;
    if (progress.unit !== undefined) bits |= NUMBER.unit;
  }
  if (counters !== undefined) {
    if (counters.read !== undefined) bits |= NUMBER.read;
    if (counters.written !== undefined) bits |= NUMBER.written;
    if (counters.skipped !== undefined) bits |= NUMBER.skipped;
    if (counters.rolledBack !== undefined) bits |= NUMBER.rolledBack;
    if (counters.filtered !== undefined) bits |= NUMBER.filtered;
  }
  section.count(bits);
  if (stage !== undefined) {
    section.count(textNumber(stage.name));
    if (stage.index !== undefined) section.count(stage.index);
  }
  if (progress !== undefined) {
    section.count(progress.done);
    if (progress.total !== undefined) section.count(progress.total);
    if (progress.unit !== undefined) section.count(textNumber(progress.unit));
  }
  if (counters !== undefined) {
    if (counters.read !== undefined) section.count(counters.read);
    if (counters.written !== undefined) section.count(counters.written);
    if (counters.skipped !== undefined) section.count(counters.skipped);
    if (counters.rolledBack !== undefined) section.count(counters.rolledBack);
    if (counters.filtered !== undefined) section.count(counters.filtered);
  }
}

function restOf(members: Members, from: string): string {
  const rest: Record<string, unknown> = {};
  let found = false;
  for (const key in members) {
    if (key === from) found = true;
    if (found) rest[key] = members[key];
  }
  return JSON.stringify(rest);
}

/** Place of a text in the record's list of texts; teams, units and stages come again and again. */
function textNumber(text: string): number {
  const known = textNumbers.get(text);
  if (known !== undefined) return known;
  const number = textNumbers.size;
  textNumbers.set(text, number);
  texts.text(text);
  return number;
}
