import { LIMITS } from "../model/limits.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { decodeBody, type ParsedJson, parseJson } from "./parse-body.ts";
import { PlainBytes } from "./plain-bytes.ts";
import { QuickNative } from "./quick-native.ts";
import { Refusal } from "./refusal.ts";

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
/** Levels below the array. */
const MOST_DEPTH = LIMITS.jsonDepth - 1;

/** What becomes of the members. */
export interface MemberSink {
  /** A fact of a run that was met before. */
  known(placed: PlacedFact): void;
  /** Any other member. Answers its fact; null: it was refused. It throws what is no refusal. */
  other(index: number, member: unknown, suspect: boolean): PlacedFact | null;
}

/**
 * Reads a native body that is an array of objects: members of the usual form straight from the bytes, each other one
 * parsed by itself. False when the body as a whole is anything else, also when it is no JSON: others read it then from
 * its beginning and say what is wrong with it, and what went into the sink is void.
 */
export function readQuickly(bytes: Uint8Array, context: ReadContext, sink: MemberSink): boolean {
  const plain = new PlainBytes(bytes);
  const quick = new QuickNative(plain, context);
  let index = 0;
  if (!plain.sign(OPEN_ARRAY)) return false;
  do {
    if (plain.next() !== OPEN || index === LIMITS.batchMembers) return false;
    const from = plain.at;
    const placed = quick.read();
    if (placed !== null) {
      sink.known(placed);
    } else {
      plain.at = from;
      if (!plain.value(MOST_DEPTH)) return false;
      const parsed = parsedAlone(bytes.subarray(from, plain.at));
      if (parsed === null) return false;
      const fact = sink.other(index, parsed.value, parsed.suspect)?.fact;
      if (fact?.type === "observation") quick.accepted(fact.executionId);
    }
    index += 1;
  } while (plain.sign(COMMA));
  const isWhole = plain.sign(CLOSE_ARRAY) && Number.isNaN(plain.next());
  if (isWhole) quick.learn();
  return isWhole;
}

/** Null when it is no JSON. */
function parsedAlone(bytes: Uint8Array): ParsedJson | null {
  try {
    return parseJson(decodeBody(bytes), bytes);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
