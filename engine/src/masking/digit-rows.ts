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
const ESCAPED_JOINT = /%20|%2d|%c2%a0|\\{1,4}(?:t|u00a0|u20(?:1[0-5]|2f|09|07))/iy;
const ESCAPED_LINE = /(?:\\{1,4}r)?\\{1,4}n/y;
const ESCAPE = /%[0-9a-f]{2}|\\u[0-9a-f]{4}/iy;

/** Rows of digit groups with at least `fewest` digits together, in order. An escape before a row is no part of it. */
export function digitRows(text: string, fewest: number): (readonly DigitGroup[])[] {
  const rows: (readonly DigitGroup[])[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      const row = rowAt(text, at);
      const digits = row.reduce((sum, { from, to }) => sum + to - from, 0);
      if (digits >= fewest) rows.push(row);
      at = row.at(-1)?.to ?? at + 1;
    } else if (code === PERCENT || code === BACKSLASH) {
      at += lengthOf(ESCAPE, text, at) || 1;
    } else {
      at += 1;
    }
  }
  return rows;
}

function rowAt(text: string, start: number): DigitGroup[] {
  const row: DigitGroup[] = [];
  let from = start;
  let joint: Joint | null = null;
  for (;;) {
    let to = from;
    while (isDigit(text, to)) to += 1;
    row.push({ from, to, joint });
    const next = jointAt(text, to);
    if (next === null || !isDigit(text, next.to)) return row;
    joint = next.joint;
    from = next.to;
  }
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}

function jointAt(
  text: string,
  from: number,
): { readonly joint: Joint; readonly to: number } | null {
  let to = from;
  let isLine = false;
  let others = 0;
  for (; to - from < MOST_BLANKS + 1; to += 1) {
    const one = TABLE[text.charCodeAt(to)];
    if (one === BREAK) isLine = true;
    else if (one === BLANK || one === DASH) others += 1;
    else break;
  }
  if (to > from) {
    if (others > MOST_BLANKS) return null;
    return { joint: isLine ? "line" : others === 1 ? "close" : "wide", to };
  }
  if (from < text.length && WIDE_SIGNS.includes(text.charAt(from)))
    return { joint: "wide", to: from + 1 };
  const line = lengthOf(ESCAPED_LINE, text, from);
  if (line > 0) return { joint: "line", to: from + line };
  const escaped = lengthOf(ESCAPED_JOINT, text, from);
  return escaped === 0 ? null : { joint: "close", to: from + escaped };
}

function lengthOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex - at : 0;
}
