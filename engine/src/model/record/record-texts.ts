import { LIMITS } from "../limits.ts";
import type { ByteReader } from "./byte-reader.ts";

interface KnownTexts {
  readonly bytes: Uint8Array;
  readonly texts: readonly string[];
}

const FNV_PRIME = 0x0100_0193;
const FNV_START = 0x811c_9dc5;

/**
 * The lists of texts that records begin with. Records of one source mostly have the same list, so those met lately are
 * found by their bytes (FNV-1a, then compared) and their texts are handed out again.
 */
export class RecordTexts {
  readonly #known: (KnownTexts | null)[] = Array.from(
    { length: LIMITS.textListsRemembered },
    () => null,
  );

  read(reader: ByteReader): readonly string[] {
    const length = reader.count();
    const from = reader.at;
    reader.skip(length);
    const end = reader.at;
    const slot = hashOf(reader.bytes, from, end) & (LIMITS.textListsRemembered - 1);
    const known = this.#known[slot] ?? null;
    if (known !== null && areSame(known.bytes, reader.bytes, from, length)) return known.texts;
    reader.at = from;
    const texts: string[] = [];
    while (reader.at < end) texts.push(reader.text());
    if (reader.at !== end) throw new RangeError("The record's list of texts ends within a text.");
    if (length <= LIMITS.textListBytes) {
      this.#known[slot] = { bytes: Uint8Array.from(reader.bytes.subarray(from, end)), texts };
    }
    return texts;
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = FNV_START;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return hash ^ (hash >>> 15);
}

function areSame(known: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (known[index] !== bytes[from + index]) return false;
  }
  return true;
}

export function textAt(texts: readonly string[], number: number): string {
  const text = texts[number];
  if (text === undefined) throw new RangeError(`The record has no text ${number}.`);
  return text;
}
