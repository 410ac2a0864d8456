import { valueStart } from "./after-key.ts";
import { ACCOUNT_MASK, type MaskSpan } from "./mask-kind.ts";
import { eachMatch, inOrder } from "./spans.ts";
import { isQuantity, isWord, startsKey } from "./word-edge.ts";

/** Words that announce the number of an account or of a bank; a plural announces a count. */
const KEY =
  /(?:account|acct|konto|compte|cuenta|rekening|rachunek)(?:nummer|nr)?(?!s|e?n[ :=])|(?:\b|_)(?:acc|kto(?:nr)?|a\/c|aba|rtn|blz)\b|bankleitzahl|routing|sort[ _-]?code/gi;
const NUMBER = /\d{6,20}(?:[-/]\d{1,4}(?!\d))?|\d{2,5}(?:[ \u00a0\u2010-\u2015/-]\d{2,5}){1,6}/y;
/** One number more after a sort code, or of a list. */
const MORE = /(?:\\?["'`])?(?:[ \t]*,[ \t]*|[ \t])(?:\\?["'`])?(?=\d{6,12}\b)/y;
/** A bank's BIC and what follows it: a name or a blank, then the account. */
const BIC =
  /\b(?:bic|swift)(?:[ _-]?code)?(?:\\?["'`])?[ \t]{0,3}[:=]?[ \t]{0,3}(?:\\?["'`])?[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?:\\?["'`])?[ \t,;/]{1,3}(?=\d)/gi;
const FEWEST_DIGITS = 6;
const MOST_DIGITS = 20;
const DATE =
  /^(?:19|20)\d\d([-/ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)|^\d\d([-/])\d\d\2(?:19|20)\d\d/;

/** Numbers of accounts and banks that a key word announces, in order and without overlap; a bare number is never one. */
export function accountSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachMatch(KEY, text, ({ index }) => {
    if (!startsKey(text, index)) return;
    const from = valueStart(text, KEY.lastIndex);
    if (from !== null) addAll(spans, text, from);
  });
  eachMatch(BIC, text, () => addAll(spans, text, BIC.lastIndex));
  return inOrder(spans);
}

/** The number at `from`, and those that follow it with nothing but a blank or a comma between. */
function addAll(spans: MaskSpan[], text: string, from: number): void {
  for (let at = from; ;) {
    const to = numberEnd(text, at);
    if (to === null) return;
    spans.push({ from: at, to, kind: "account", by: ACCOUNT_MASK });
    MORE.lastIndex = to;
    if (!MORE.test(text)) return;
    at = MORE.lastIndex;
  }
}

function numberEnd(text: string, from: number): number | null {
  NUMBER.lastIndex = from;
  const found = NUMBER.exec(text)?.[0] ?? "";
  if (DATE.test(found)) return null;
  const number = sameJoints(found);
  const digits = number.replaceAll(/\D/g, "").length;
  const to = from + number.length;
  if (digits < FEWEST_DIGITS || digits > MOST_DIGITS) return null;
  // More digits, a word, or decimals: an amount, or a part of a longer thing.
  if (isWord(text, to) || /^[.,]\d/.test(text.slice(to, to + 2)) || isQuantity(text, to))
    return null;
  return to;
}

/** Up to where another sign joins the groups than the first one does: behind it something else begins. */
function sameJoints(number: string): string {
  const joint = /\D/.exec(number)?.[0];
  if (joint === undefined) return number;
  const other = Array.from(number.matchAll(/\D/g)).find((one) => one[0] !== joint);
  return other === undefined ? number : number.slice(0, other.index);
}
