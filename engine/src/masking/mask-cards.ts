import { isCardNumber } from "./card-number.ts";
import type { MaskSpan } from "./mask-kind.ts";

const FEWEST_DIGITS = 13;
const MOST_DIGITS = 19;
/** How people write card numbers: sizes of the digit groups. Other groupings count only when nothing adjoins them. */
const USUAL_GROUPINGS: ReadonlySet<string> = new Set([
  "4,4,4,4",
  "4,4,4,4,1",
  "4,4,4,4,2",
  "4,4,4,4,3",
  "4,6,5",
  "4,6,4",
  "6,13",
]);
/** One unbroken row of digit groups joined by single spaces or dashes. Linear: no two parts can match the same text. */
const DIGIT_ROW = /\d+(?:[ \u00a0\u2010-\u2013-]\d+)*/g;
const DIGIT_GROUP = /\d+/g;
const ADJOINING = /[A-Za-z0-9-]/;

interface Group {
  readonly from: number;
  readonly digits: string;
}

/**
 * Card numbers of a text, in order and without overlap; of each at most the last four digits are kept.
 * First the usual groupings; then what is left of a row between them counts where it is one number as a whole.
 */
export function cardSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (const row of text.matchAll(DIGIT_ROW)) {
    if (row[0].length < FEWEST_DIGITS) continue;
    const groups = groupsOf(row[0], row.index);
    let left = 0;
    for (let first = 0; first < groups.length;) {
      const last = lastGroupOfCard(groups, first);
      if (last === null) {
        first += 1;
        continue;
      }
      addWhole(spans, text, groups.slice(left, first));
      spans.push(spanOf(groups.slice(first, last + 1)));
      first = last + 1;
      left = first;
    }
    addWhole(spans, text, groups.slice(left));
  }
  return spans;
}

function groupsOf(row: string, offset: number): Group[] {
  return Array.from(row.matchAll(DIGIT_GROUP), (match) => ({
    from: offset + match.index,
    digits: match[0],
  }));
}

/** Index of the group that ends the longest usually grouped card number starting at group `first`, or null. */
function lastGroupOfCard(groups: readonly Group[], first: number): number | null {
  let digits = "";
  let sizes = "";
  let found: number | null = null;
  for (const [offset, group] of groups.slice(first, first + MOST_DIGITS).entries()) {
    if (digits.length + group.digits.length > MOST_DIGITS) break;
    digits += group.digits;
    sizes += offset === 0 ? `${group.digits.length}` : `,${group.digits.length}`;
    if (digits.length < FEWEST_DIGITS) continue;
    const usual = offset === 0 || USUAL_GROUPINGS.has(sizes);
    if (usual && isCardNumber(digits)) found = first + offset;
  }
  return found;
}

function addWhole(spans: MaskSpan[], text: string, groups: readonly Group[]): void {
  if (groups.length < 2 || groups.length > MOST_DIGITS) return;
  const span = spanOf(groups);
  if (ADJOINING.test(text.charAt(span.from - 1)) || ADJOINING.test(text.charAt(span.to))) return;
  const digits = groups.map((group) => group.digits).join("");
  if (digits.length >= FEWEST_DIGITS && digits.length <= MOST_DIGITS && isCardNumber(digits)) {
    spans.push(span);
  }
}

function spanOf(groups: readonly Group[]): MaskSpan {
  const digits = groups.map((group) => group.digits).join("");
  const end = groups.at(-1);
  return {
    from: groups[0]?.from ?? 0,
    to: end === undefined ? 0 : end.from + end.digits.length,
    kind: "card",
    by: `[card …${digits.slice(-4)}]`,
  };
}
