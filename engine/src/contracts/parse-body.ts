import secureJson from "secure-json-parse";
import { LIMITS } from "../model/limits.ts";
import { Refusal } from "./refusal.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FORBIDDEN = "forbidden prototype property";

/** Text of a body within LIMITS.bodyBytes. */
export function decodeBody(bytes: Uint8Array): string {
  if (bytes.byteLength > LIMITS.bodyBytes) {
    const message = `The body has ${bytes.byteLength} bytes; at most ${LIMITS.bodyBytes} are accepted. Send it in parts.`;
    throw new Refusal("body_too_large", message);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Refusal("invalid_utf8", "The body must be UTF-8 text.");
  }
}

/**
 * Refuses JSON nested deeper than LIMITS.jsonDepth, before any parser meets it. It looks at the bytes, which is
 * twice as fast as the text: no byte of a character beyond ASCII is a quote, a bracket or a backslash.
 */
function checkDepth(bytes: Uint8Array): void {
  let depth = 0;
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    at += 1;
    if (code === QUOTE) {
      at = endOfString(bytes, at);
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > LIMITS.jsonDepth) {
        const message = `The JSON is nested deeper than ${LIMITS.jsonDepth} levels.`;
        throw new Refusal("too_deep", message);
      }
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
}

/** Place behind the quote that ends a string. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const code = bytes[at] ?? 0;
    at += 1;
    if (code === QUOTE) break;
    if (code === BACKSLASH) at += 1;
  }
  return at;
}

export interface ParsedJson {
  readonly value: unknown;
  /** Some object in it has a forbidden key: call {@link checkKeys} on each member. */
  readonly suspect: boolean;
}

/** @param bytes the text's UTF-8 */
export function parseJson(text: string, bytes: Uint8Array = encoder.encode(text)): ParsedJson {
  checkDepth(bytes);
  try {
    return { value: secureJson.parse(text), suspect: false };
  } catch (error) {
    if (!isForbidden(error)) throw invalidJson(error);
  }
  const options = { protoAction: "ignore", constructorAction: "ignore" } as const;
  return { value: secureJson.parse(text, null, options), suspect: true };
}

/** Refuses a value with a key `__proto__`, or `constructor` with `prototype` below it, at any depth. */
export function checkKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of ["__proto__", "constructor"] as const) {
    try {
      secureJson.scan(value, {
        protoAction: key === "__proto__" ? "error" : "ignore",
        constructorAction: key === "constructor" ? "error" : "ignore",
      });
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const field = key === "constructor" ? "constructor.prototype" : key;
      throw new Refusal("forbidden_key", `The key ${field} is not allowed; remove it.`, field);
    }
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.includes(FORBIDDEN);
}

/** The parser's own words may quote the body, so only the place is repeated. */
function invalidJson(error: unknown): Refusal {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  const place = position === undefined ? "" : ` It stops being JSON at character ${position}.`;
  return new Refusal("invalid_json", `The body must be JSON.${place}`);
}
