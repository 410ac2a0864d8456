import { keptText } from "../masking/mask-json.ts";
import { maskText } from "../masking/mask-text.ts";
import { OBSERVATION_KINDS, type ObservationKind } from "../model/fact.ts";
import { ByteMemo } from "../model/byte-memo.ts";
import { LIMITS } from "../model/limits.ts";
import { COUNTER_NAMES, type Counters, type Progress } from "../model/run.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { KnownHeads } from "./known-heads.ts";
import type { KnownRun } from "./known-runs.ts";
import { draftOf, placed } from "./observation-draft.ts";
import type { PlainBytes } from "./plain-bytes.ts";
import { readTime } from "./read-time.ts";
import { Refusal } from "./refusal.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Named<Name> = readonly (readonly [name: Name, rest: Buffer])[];

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const DIGITS_FROM = 0x2f;
const DIGITS_TO = 0x3a;
/** FNV-1a, 32 bits, signed as `Math.imul` has them. */
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const UNITS_REMEMBERED = 256;

const MEMBER_KEYS = named(["job", "kind", "at", "progress", "counters", "message"]);
const KINDS = named(OBSERVATION_KINDS);
const PROGRESS_KEYS = named(["done", "total", "unit"]);
const COUNTER_KEYS = named(COUNTER_NAMES);

const heads = new KnownHeads();
/** Units that are kept as they are sent, by the bytes of their text. */
const units = new ByteMemo<string>(UNITS_REMEMBERED);

/**
 * Reads members of the form that producers send by far the most straight from the bytes: a run that was met before,
 * kind, time, progress, counters and a message, in plain text and whole numbers. It refuses nothing: a member of any
 * other form it leaves to `readNative`, and what both read is the same fact.
 */
export class QuickNative {
  readonly #plain: PlainBytes;
  readonly #context: ReadContext;
  readonly #seed: number;
  /** The head that the last member was left for, as it was not known: where it is, and its hash. */
  #headFrom = -1;
  #headTo = -1;
  #headHash = 0;
  readonly #accepted: { executionId: string; hash: number; head: Uint8Array }[] = [];
  #run: KnownRun | null = null;
  #kind: ObservationKind | null = null;
  #at: number | null = null;
  #progress: Progress | null = null;
  #counters: Counters | null = null;
  #message: string | null = null;
  /** Where the last time stands that was read as text, and what it is: members of a request often have the same. No text is as long as none. */
  #timeFrom = -1;
  #timeTo = -2;
  #instant = 0;

  constructor(plain: PlainBytes, context: ReadContext) {
    this.#plain = plain;
    this.#context = context;
    this.#seed = seedOf(context.source.sourceId);
  }

  /** The fact of the member at the place, with the place behind it; null: it is left, with the place anywhere. */
  read(): PlacedFact | null {
    this.#headFrom = -1;
    this.#run = null;
    this.#kind = null;
    this.#at = null;
    this.#progress = null;
    this.#counters = null;
    this.#message = null;
    return this.#members() ? this.#fact() : null;
  }

  /** The member that was left last was accepted as a fact of this run. */
  accepted(executionId: string): void {
    if (this.#headFrom === -1) return;
    const head = this.#plain.bytes.subarray(this.#headFrom, this.#headTo);
    this.#accepted.push({ executionId, hash: this.#headHash, head });
  }

  /** The body counts: heads of what was accepted are known from now on. */
  learn(): void {
    const { sourceId } = this.#context.source;
    for (const { executionId, hash, head } of this.#accepted) {
      heads.learn({ sourceId, executionId }, hash, head);
    }
  }

  #members(): boolean {
    const plain = this.#plain;
    if (!plain.sign(OPEN)) return false;
    do {
      if (!this.#member()) return false;
    } while (plain.sign(COMMA));
    return plain.sign(CLOSE);
  }

  /** Of a key that comes twice the last one counts, as in JSON.parse. */
  #member(): boolean {
    switch (this.#name(MEMBER_KEYS)) {
      case "job":
        return this.#head();
      case "kind":
        if (!this.#plain.sign(QUOTE)) return false;
        this.#kind = this.#oneOf(KINDS);
        return this.#kind !== null;
      case "at":
        return this.#time();
      case "progress":
        return this.#readProgress();
      case "counters":
        return this.#readCounters();
      case "message":
        return this.#readMessage();
      case null:
        return false;
    }
  }

  /** A key of these and its colon. */
  #name<Name>(keys: Named<Name>): Name | null {
    if (!this.#plain.sign(QUOTE)) return null;
    const key = this.#oneOf(keys);
    return this.#plain.sign(COLON) ? key : null;
  }

  /** The rest of a text that is one of these. */
  #oneOf<Name>(texts: Named<Name>): Name | null {
    for (const [name, rest] of texts) if (this.#plain.literal(rest)) return name;
    return null;
  }

  /** From the job's brace to the second closing one, which is the run's in whatever is known. */
  #head(): boolean {
    const plain = this.#plain;
    if (plain.next() !== OPEN) return false;
    const { bytes, at: from } = plain;
    const most = Math.min(bytes.length, from + ByteMemo.mostBytes);
    let hash = this.#seed;
    let closed = 0;
    let to = from;
    while (to < most && closed < 2) {
      const code = bytes[to] as number;
      hash = Math.imul(hash ^ code, FNV_PRIME);
      if (code === CLOSE) closed += 1;
      to += 1;
    }
    if (closed < 2) return false;
    const run = heads.find(this.#context.source.sourceId, hash, bytes, from, to);
    if (run === null) {
      this.#headFrom = from;
      this.#headTo = to;
      this.#headHash = hash;
      return false;
    }
    this.#run = run;
    plain.at = to;
    return true;
  }

  #time(): boolean {
    const plain = this.#plain;
    const first = plain.next();
    if (first > DIGITS_FROM && first < DIGITS_TO) {
      this.#at = timeOf(plain.count(), this.#context);
      return this.#at !== null;
    }
    if (!plain.sign(QUOTE)) return false;
    const { bytes, at: from } = plain;
    const to = plain.textEnd();
    if (to === -1) return false;
    if (!areSame(bytes, from, to, this.#timeFrom, this.#timeTo)) {
      const instant = timeOf(bytes.toString("latin1", from, to), this.#context);
      if (instant === null) return false;
      this.#instant = instant;
      this.#timeFrom = from;
      this.#timeTo = to;
    }
    this.#at = this.#instant;
    return true;
  }

  #readMessage(): boolean {
    const plain = this.#plain;
    if (!plain.sign(QUOTE)) return false;
    const { bytes, at: from } = plain;
    const to = plain.textEnd();
    if (to === -1) return false;
    this.#message = bytes.toString("latin1", from, to);
    return true;
  }

  #readProgress(): boolean {
    const plain = this.#plain;
    if (!plain.sign(OPEN)) return false;
    let done = -1;
    let total = -1;
    let unit: string | null = null;
    do {
      const name = this.#name(PROGRESS_KEYS);
      if (name === "done") {
        if ((done = plain.count()) === -1) return false;
      } else if (name === "total") {
        if ((total = plain.count()) === -1) return false;
      } else if (name === null || (unit = this.#unit()) === null) return false;
    } while (plain.sign(COMMA));
    if (done === -1 || !plain.sign(CLOSE)) return false;
    const progress: Writable<Progress> = { done };
    if (total !== -1) progress.total = total;
    if (unit !== null) progress.unit = unit;
    this.#progress = progress;
    return true;
  }

  #unit(): string | null {
    const plain = this.#plain;
    if (!plain.sign(QUOTE)) return null;
    const { bytes, at: from } = plain;
    const to = plain.textEnd();
    if (to === -1) return null;
    let hash = FNV_BASIS;
    for (let place = from; place < to; place += 1) {
      hash = Math.imul(hash ^ (bytes[place] as number), FNV_PRIME);
    }
    const known = units.find(hash, bytes, from, to);
    if (known !== null) return known;
    const text = bytes.toString("latin1", from, to);
    if (text.length > LIMITS.nameLength || maskText(text).text !== text) return null;
    units.keep(hash, bytes, from, to, text);
    return text;
  }

  #readCounters(): boolean {
    const plain = this.#plain;
    if (!plain.sign(OPEN)) return false;
    const counters: Writable<Counters> = {};
    do {
      const name = this.#name(COUNTER_KEYS);
      if (name === null) return false;
      const count = plain.count();
      if (count === -1) return false;
      counters[name] = count;
    } while (plain.sign(COMMA));
    this.#counters = counters;
    return plain.sign(CLOSE);
  }

  #fact(): PlacedFact | null {
    const context = this.#context;
    const run = this.#run;
    const kind = this.#kind;
    const at = this.#at;
    if (run === null || kind === null || at === null) return null;
    const draft = draftOf({ run, kind, at, team: null }, context);
    if (this.#progress !== null) draft.progress = this.#progress;
    if (this.#counters !== null) draft.counters = this.#counters;
    if (this.#message !== null) draft.message = keptText(this.#message);
    return placed(draft, run);
  }
}

/** Null of what is no time: others say why. */
function timeOf(value: string | number, { source, receivedAt }: ReadContext): number | null {
  try {
    return readTime(value, "at", source.zone, receivedAt);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function areSame(bytes: Buffer, from: number, to: number, than: number, until: number): boolean {
  if (to - from !== until - than) return false;
  for (let at = from; at < to; at += 1) if (bytes[at] !== bytes[at - from + than]) return false;
  return true;
}

let seeded = { sourceId: "", seed: FNV_BASIS };

/** What the hash of every head of a source begins with. */
function seedOf(sourceId: string): number {
  if (seeded.sourceId === sourceId) return seeded.seed;
  let seed = FNV_BASIS;
  for (let at = 0; at < sourceId.length; at += 1) {
    seed = Math.imul(seed ^ sourceId.charCodeAt(at), FNV_PRIME);
  }
  seeded = { sourceId, seed };
  return seed;
}

/** Names with the rest of their text as JSON has it, behind the opening quote. */
function named<Name extends string>(names: readonly Name[]): Named<Name> {
  return names.map((name) => [name, Buffer.from(`${name}"`)] as const);
}
