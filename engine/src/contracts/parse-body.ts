import secureJson from "secure-json-parse";
import { LIMITS } from "../model/limits.ts";
import { Refusal } from "./refusal.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
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

/** Refuses JSON text nested deeper than LIMITS.jsonDepth, before any parser meets it. */
export function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 92) at += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) {
      inString = true;
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > LIMITS.jsonDepth) {
        const message = `The JSON is nested deeper than ${LIMITS.jsonDepth} levels.`;
        throw new Refusal("too_deep", message);
      }
    } else if (code === 125 || code === 93) {
      depth -= 1;
    }
  }
}

export interface ParsedJson {
  readonly value: unknown;
  /** Some object in it has a forbidden key: call {@link checkKeys} on each member. */
  readonly suspect: boolean;
}

export function parseJson(text: string): ParsedJson {
  checkDepth(text);
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
