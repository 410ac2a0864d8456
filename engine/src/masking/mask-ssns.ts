import { valueStart } from "./after-key.ts";
import { type MaskSpan, SSN_MASK } from "./mask-kind.ts";
import { eachMatch, inOrder } from "./spans.ts";
import { isWord, joinsBefore, startsKey } from "./word-edge.ts";

const DASHED = /\d{3}([-\u2010-\u2015\u2212])\d{2}\1\d{4}/g;
const KEY = /ssns?|soc(?:ial|\.)?[ _-]?sec(?:urity)?|\bitin/gi;
/** After a key word: in groups or in one. */
const KEYED = /\d{3}[ \u00a0.\u2010-\u2015\u2212-]?\d{2}[ \u00a0.\u2010-\u2015\u2212-]?\d{4}/y;
/** Words between a key word and a number in groups: no digit, no mask. */
const NEAR = /[^\d\n[\]]{1,32}/y;
const GROUPED = /\d{3}([ \u00a0.\u2010-\u2015\u2212-])\d{2}\1\d{4}/y;

/** Social security numbers of a text, in order and without overlap: in dashes, or after a key word. */
export function ssnSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachMatch(DASHED, text, ({ index }) => add(spans, text, index, DASHED.lastIndex));
  eachMatch(KEY, text, ({ index }) => {
    if (!startsKey(text, index)) return;
    const end = KEY.lastIndex;
    const from = valueStart(text, end);
    const to = from === null ? null : endOf(KEYED, text, from);
    if (from !== null && to !== null) {
      add(spans, text, from, to);
      return;
    }
    const near = endOf(NEAR, text, end);
    const grouped = near === null ? null : endOf(GROUPED, text, near);
    if (near !== null && grouped !== null) add(spans, text, near, grouped);
  });
  return inOrder(spans);
}

function add(spans: MaskSpan[], text: string, from: number, to: number): void {
  const number = text.slice(from, to).replaceAll(/\D/g, "");
  if (!isIssued(number) || joinsBefore(text, from) || isWord(text, to)) return;
  // A part of something longer: 2001-123-45-6789, 123-45-6789-X, 1.123-45-6789.
  if (
    /[-.\u2010-\u2015]/.test(text.charAt(from - 1)) ||
    /^[-\u2010-\u2015]\w/.test(text.slice(to, to + 2))
  ) {
    return;
  }
  spans.push({ from, to, kind: "ssn", by: SSN_MASK });
}

/** Area 001 … 899 without 666, group and serial not zero. */
function isIssued(number: string): boolean {
  const area = Number(number.slice(0, 3));
  return (
    area > 0 &&
    area < 900 &&
    area !== 666 &&
    number.slice(3, 5) !== "00" &&
    number.slice(5) !== "0000"
  );
}

function endOf(sticky: RegExp, text: string, from: number): number | null {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : null;
}
