import { LIMITS } from "../model/limits.ts";
import type { PlacedFact, ReadContext } from "./admit-types.ts";
import { readNative } from "./native.ts";
import { checkKeys, decodeBody, parseJson } from "./parse-body.ts";
import { PlainBytes } from "./plain-bytes.ts";
import { QuickNative } from "./quick-native.ts";
import { Refusal } from "./refusal.ts";

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
/** Levels below the array. */
const MOST_DEPTH = LIMITS.jsonDepth - 1;

/** A member as it was read: a fact, or the parsed member and what it was refused for. */
export type ReadMember =
  | { readonly type: "fact"; readonly placed: PlacedFact }
  | { readonly type: "refused"; readonly member: unknown; readonly error: Refusal };

/**
 * The members of a native body that is an array of objects: those of the usual form straight from the bytes, each other
 * one parsed by itself. Null when the body as a whole is anything else, also when it is no JSON: others read it then and
 * say what is wrong with it. Nothing but masks was counted by then.
 */
export function readQuickly(bytes: Uint8Array, context: ReadContext): readonly ReadMember[] | null {
  const plain = new PlainBytes(bytes);
  const quick = new QuickNative(plain, context);
  const members: ReadMember[] = [];
  if (!plain.sign(OPEN_ARRAY)) return null;
  do {
    if (plain.next() !== OPEN || members.length === LIMITS.batchMembers) return null;
    const from = plain.at;
    const placed = quick.read();
    if (placed !== null) {
      members.push({ type: "fact", placed });
      continue;
    }
    plain.at = from;
    const member = plain.value(MOST_DEPTH) ? slowly(bytes.subarray(from, plain.at), context) : null;
    if (member === null) return null;
    if (member.type === "fact") quick.learn();
    members.push(member);
  } while (plain.sign(COMMA));
  return plain.sign(CLOSE_ARRAY) && Number.isNaN(plain.next()) ? members : null;
}

/** Null when it is no JSON. */
function slowly(bytes: Uint8Array, context: ReadContext): ReadMember | null {
  try {
    const { value, suspect } = parseJson(decodeBody(bytes), bytes);
    return read(value, suspect, context);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function read(member: unknown, suspect: boolean, context: ReadContext): ReadMember {
  try {
    if (suspect) checkKeys(member);
    return { type: "fact", placed: readNative(member, context) };
  } catch (error) {
    if (error instanceof Refusal) return { type: "refused", member, error };
    throw error;
  }
}
