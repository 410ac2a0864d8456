import { isCardNumber } from "./card-number.ts";
import { type DigitGroup, digitRows } from "./digit-rows.ts";
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
/** Size of the first group in each of them. */
const USUAL_FIRST: ReadonlySet<number> = new Set([4, 6]);
const ADJOINING = /[A-Za-z0-9-]/;

/**
 * Card numbers of a text, in order and without overlap; of each at most the last four digits are kept.
 * First the usual groupings; then what is left of a row between them counts where it is one number as a whole.
 */
export function cardSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (const row of digitRows(text, FEWEST_DIGITS)) {
    let left = 0;
    for (let first = 0; first < row.length;) {
      const last = lastGroupOfCard(text, row, first);
      if (last === null) {
        first += 1;
        continue;
      }
      addWhole(spans, text, row.slice(left, first));
      spans.push(spanOf(text, row.slice(first, last + 1)));
      first = last + 1;
      left = first;
    }
    addWhole(spans, text, row.slice(left));
  }
  return spans;
}

/** Index of the group that ends the longest usually grouped card number starting at group `first`, or null. */
function lastGroupOfCard(text: string, row: readonly DigitGroup[], first: number): number | null {
  const { from: start, to: end } = row[first] as DigitGroup;
  if (end - start < FEWEST_DIGITS && !USUAL_FIRST.has(end - start)) return null;
  let digits = "";
  let sizes = "";
  let lines = 0;
  let found: number | null = null;
  for (let at = first; at < row.length && at < first + MOST_DIGITS; at += 1) {
    const { from, to, joint } = row[at] as DigitGroup;
    if (digits.length + to - from > MOST_DIGITS) break;
    digits += text.slice(from, to);
    sizes += at === first ? `${to - from}` : `,${to - from}`;
    if (at > first && joint === "line") lines += 1;
    if (digits.length < FEWEST_DIGITS) continue;
    // A number may run over the end of one line; a column of numbers is none.
    const usual = at === first || (lines < 2 && USUAL_GROUPINGS.has(sizes));
    if (usual && isCardNumber(digits)) found = at;
  }
  return found;
}

/** Adds the stretches of these groups whose joints are close where one is a card number as a whole. */
function addWhole(spans: MaskSpan[], text: string, groups: readonly DigitGroup[]): void {
  let start = 0;
  for (let end = 1; end <= groups.length; end += 1) {
    if (end < groups.length && groups[end]?.joint === "close") continue;
    addStretch(spans, text, groups.slice(start, end));
    start = end;
  }
}

function addStretch(spans: MaskSpan[], text: string, groups: readonly DigitGroup[]): void {
  if (groups.length < 2 || groups.length > MOST_DIGITS) return;
  const { length } = digitsOf(text, groups);
  if (length < FEWEST_DIGITS || length > MOST_DIGITS) return;
  const from = groups[0]?.from ?? 0;
  const to = groups.at(-1)?.to ?? 0;
  if (ADJOINING.test(text.charAt(from - 1)) || ADJOINING.test(text.charAt(to))) return;
  if (isCardNumber(digitsOf(text, groups))) spans.push(spanOf(text, groups));
}

function spanOf(text: string, groups: readonly DigitGroup[]): MaskSpan {
  return {
    from: groups[0]?.from ?? 0,
    to: groups.at(-1)?.to ?? 0,
    kind: "card",
    by: `[card …${digitsOf(text, groups).slice(-4)}]`,
  };
}

function digitsOf(text: string, groups: readonly DigitGroup[]): string {
  let digits = "";
  for (const { from, to } of groups) digits += text.slice(from, to);
  return digits;
}
