import { LIMITS } from "../model/limits.ts";
import { parseJson } from "./parse-body.ts";
import { Refusal } from "./refusal.ts";

/** One member of a request: parsed, or the text of a line that could not be parsed and why. */
export type Member =
  | { readonly type: "parsed"; readonly value: unknown; readonly suspect: boolean }
  | { readonly type: "unreadable"; readonly text: string; readonly refusal: Refusal };

const LINE_TYPES = /^\s*application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines)\b/i;

/** Whether a body of this type has one member a line, whatever it looks like. */
export function areLines(contentType: string | null): boolean {
  return contentType !== null && LINE_TYPES.test(contentType);
}

/**
 * Members of a native body: an array, one object, or one object per line. Throws {@link Refusal}.
 *
 * @param bytes what the text was decoded from
 */
export function nativeMembers(
  text: string,
  bytes: Uint8Array,
  contentType: string | null,
): Member[] {
  if (areLines(contentType)) return lineMembers(text);
  try {
    return arrayOrOne(text, bytes);
  } catch (error) {
    const isLines =
      error instanceof Refusal && error.code === "invalid_json" && startsAsLines(text);
    if (isLines) return lineMembers(text);
    throw error;
  }
}

/** Members of a body that must be an array. */
export function arrayMembers(text: string, bytes: Uint8Array): Member[] {
  const { value, suspect } = parseJson(text, bytes);
  if (!Array.isArray(value)) throw new Refusal("wrong_type", "The body must be a JSON array.");
  return parsedMembers(value, suspect);
}

function arrayOrOne(text: string, bytes: Uint8Array): Member[] {
  const { value, suspect } = parseJson(text, bytes);
  return parsedMembers(Array.isArray(value) ? value : [value], suspect);
}

function parsedMembers(values: readonly unknown[], suspect: boolean): Member[] {
  checkCount(values.length);
  return values.map((value) => ({ type: "parsed", value, suspect }));
}

/** Whether the first line is a complete object. */
function startsAsLines(text: string): boolean {
  const start = text.trimStart();
  const end = start.indexOf("\n");
  if (end === -1 || !start.startsWith("{")) return false;
  try {
    parseJson(start.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

function lineMembers(text: string): Member[] {
  const members: Member[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    checkCount(members.length + 1);
    members.push(lineMember(line));
  }
  return members;
}

function lineMember(line: string): Member {
  try {
    return { type: "parsed", ...parseJson(line) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error;
    const refusal = new Refusal(code, message.replace("The body", "Each line"));
    return { type: "unreadable", text: line, refusal };
  }
}

function checkCount(count: number): void {
  if (count <= LIMITS.batchMembers) return;
  const message = `The body has more than ${LIMITS.batchMembers} members. Send it in parts.`;
  throw new Refusal("too_many_members", message);
}
