import { BREAK, BLANK, DASH, TABLE } from "./char-class.ts";

/**
 * How a group of digits follows the one before it: after one blank or dash; after something else that people join
 * numbers with; in the next line.
 */
export type Joint = "close" | "wide" | "line";

export interface DigitGroup {
  readonly from: number;
  readonly to: number;
  /** Null of the first group of a row. */
  readonly joint: Joint | null;
}

const ZERO = 48;
const NINE = 57;
const PERCENT = 37;
const BACKSLASH = 92;
const MOST_BLANKS = 3;
const WIDE_SIGNS = "./_+";
/** A blank or a dash as addresses of pages and JSON write them. */
const ESCAPED_JOINT =
  /%20|%2d|%c2%a0|\\{1,4}(?:t|u00a0|u20(?:1[0-5]|2f|09|07))|(?:\\{1,4}r)?\\{1,4}n/iy;
const ESCAPE = /%[0-9a-f]{2}|\\u[0-9a-f]{4}/iy;

/** Rows of digit groups with at least `fewest` digits together, in order. An escape before a row is no part of it. */
export function digitRows(text: string, fewest: number): (readonly DigitGroup[])[] {
  const rows: (readonly DigitGroup[])[] = [];
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      const row = rowAt(text, at);
      if (row.digits >= fewest) rows.push(groupsOf(text, at, row.to));
      at = row.to;
    } else if (code === PERCENT || code === BACKSLASH) {
      at += lengthOf(ESCAPE, text, at) || 1;
    } else {
      at += 1;
    }
  }
  return rows;
}

/** Where the row that begins here ends, and how many digits it has: most rows are too short to be looked at any closer. */
function rowAt(text: string, from: number): { readonly to: number; readonly digits: number } {
  let digits = 0;
  let to = from;
  for (let at = from; ;) {
    at = digitsEnd(text, to);
    digits += at - to;
    const next = jointEnd(text, at);
    if (next === at || !isDigit(text, next)) return { to: at, digits };
    to = next;
  }
}

function groupsOf(text: string, start: number, end: number): DigitGroup[] {
  const row: DigitGroup[] = [];
  let joint: Joint | null = null;
  for (let from = start; from < end;) {
    const to = digitsEnd(text, from);
    row.push({ from, to, joint });
    from = jointEnd(text, to);
    joint = jointOf(text.slice(to, from));
  }
  return row;
}

function digitsEnd(text: string, from: number): number {
  let to = from;
  while (isDigit(text, to)) to += 1;
  return to;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}

/** Where what may join two groups ends; `from` where there is nothing of the kind. */
function jointEnd(text: string, from: number): number {
  let to = from;
  for (; to - from <= MOST_BLANKS; to += 1) {
    const one = TABLE[text.charCodeAt(to)];
    if (one !== BREAK && one !== BLANK && one !== DASH) break;
  }
  if (to > from) return to;
  const code = text.charCodeAt(from);
  if (code === PERCENT || code === BACKSLASH) return from + lengthOf(ESCAPED_JOINT, text, from);
  return WIDE_SIGNS.includes(text.charAt(from)) && from < text.length ? from + 1 : from;
}

function jointOf(joint: string): Joint {
  if (/[\r\n]|\\n/.test(joint)) return "line";
  return joint.length === 1
    ? WIDE_SIGNS.includes(joint)
      ? "wide"
      : "close"
    : /^[%\\]/.test(joint)
      ? "close"
      : "wide";
}

function lengthOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex - at : 0;
}
