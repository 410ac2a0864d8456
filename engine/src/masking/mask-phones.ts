import { valueStart } from "./after-key.ts";
import { isInternational, isNorthAmerican } from "./country-codes.ts";
import { type MaskSpan, PHONE_MASK } from "./mask-kind.ts";
import { eachMatch, inOrder } from "./spans.ts";
import { isQuantity, isWord, joinsBefore, startsKey } from "./word-edge.ts";

const MOST_DIGITS = 15;
const FEWEST_DIGITS = 7;
/** `+49 (0)30 1234-567`. */
const PLUS =
  /(?:\+|%2b)(?=[(]?[1-9])[(]?\d(?:(?:[ \u00a0\u202f./()\u2010-\u2015-]|%20){0,3}\d){6,24}/gi;
/** `(212) 555-0123`, `212-555-0123`, `1-212-555-0123`. */
const NORTH_AMERICAN =
  /(?:1[-\u2010-\u2015])?(?:\([2-9]\d{2}\)[ \u00a0]?|[2-9]\d{2}[-\u2010-\u2015])[2-9]\d{2}[-\u2010-\u2015]\d{4}/g;
const KEY =
  /telephone|telefon|phone|mobile|mobil|msisdn|whatsapp|rufnummer|(?:\b|_)(?:tel|cell|handy|fax|gsm|sms(?:[ ]to)?)/gi;
/** After a key word any form; the sizes of its groups are looked at afterwards. */
const KEYED = /[(]?\d(?:[ \u00a0\u202f./()\u2010-\u2015-]{0,3}\d){6,24}/y;
const DATE = /^(?:19|20)\d\d([-./])\d\d\1\d\d|^\d\d([-./])\d\d\2(?:19|20)\d\d/;

/** Phone numbers of a text, in order and without overlap: with a country's code, in the North American form, or after a key word. */
export function phoneSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachMatch(PLUS, text, ({ 0: found, index }) => {
    const plus = found.startsWith("+") ? 1 : 3;
    const length = longest(found, plus, (digits) => isInternational(digits));
    if (length !== null) add(spans, text, index, index + length);
  });
  eachMatch(NORTH_AMERICAN, text, ({ 0: found, index }) => {
    const digits = digitsOf(found).replace(/^1/, "");
    const before = text.charAt(index - 1);
    const after = text.charAt(index + found.length);
    const part = /[-./\u2010-\u2015+]/.test(before) || /[-/\u2010-\u2015]/.test(after);
    if (!part && isNorthAmerican(digits)) add(spans, text, index, index + found.length);
  });
  eachMatch(KEY, text, ({ index }) => {
    if (!startsKey(text, index)) return;
    const from = valueStart(text, KEY.lastIndex);
    if (from === null) return;
    KEYED.lastIndex = from;
    const found = KEYED.exec(text)?.[0] ?? "";
    if (DATE.test(found)) return;
    const length = longest(
      found,
      0,
      ({ length: digits }) => digits >= FEWEST_DIGITS && digits <= MOST_DIGITS,
    );
    if (length !== null) add(spans, text, from, from + length);
  });
  return inOrder(spans);
}

/** Characters of the longest beginning that is right and ends where a group of digits ends; `(0)` of `+49 (0)30` is no part of the number. */
function longest(found: string, from: number, isRight: (digits: string) => boolean): number | null {
  const ends = Array.from(
    found.slice(from).matchAll(/\d+/g),
    (group) => from + group.index + group[0].length,
  );
  for (const end of ends.toReversed()) {
    const digits = digitsOf(found.slice(from, end).replaceAll("%20", " ").replace("(0)", ""));
    if (isRight(digits)) return end;
  }
  return null;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}

function add(spans: MaskSpan[], text: string, from: number, to: number): void {
  if (joinsBefore(text, from) || isWord(text, to) || isQuantity(text, to)) return;
  spans.push({ from, to, kind: "phone", by: PHONE_MASK });
}
