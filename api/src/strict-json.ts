import { parseStrictly } from "@batchwatch/engine";
import { API_LIMITS } from "./options.ts";

/** Parses what a caller sent to tRPC, by HTTP or in a frame; an array holds at most API_LIMITS.batchCalls calls. */
export function strictJson(text: string): unknown {
  if (itemsOf(text) > API_LIMITS.batchCalls) {
    throw new Error(`An array holds at most ${API_LIMITS.batchCalls} calls.`);
  }
  return parseStrictly(text);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** How many values the array has that the text is; counted before anything of it is made. 0: it is no array. */
function itemsOf(text: string): number {
  if (!text.trimStart().startsWith("[")) return 0;
  let depth = 0;
  let commas = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (OPEN.has(code)) depth += 1;
    else if (CLOSE.has(code)) depth -= 1;
    else if (code === COMMA && depth === 1) {
      commas += 1;
      if (commas >= API_LIMITS.batchCalls) break;
    }
  }
  return commas + 1;
}
