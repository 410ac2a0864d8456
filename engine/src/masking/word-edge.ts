const WORD = /[\p{L}\p{N}]/u;
/** What JSON and URLs write instead of a character: it ends in letters or digits and is part of no word. */
const ESCAPES = /(?:\\[nrtbf"\\/]|\\u[0-9a-f]{4}|%[0-9a-f]{2})$/i;
const LONGEST_ESCAPE = 6;

export function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(text.charAt(at));
}

/** Whether a letter or digit stands right before `at` and belongs to the same word. */
export function joinsBefore(text: string, at: number): boolean {
  return isWord(text, at - 1) && !endsEscape(text, at);
}

function endsEscape(text: string, at: number): boolean {
  return ESCAPES.test(text.slice(Math.max(0, at - LONGEST_ESCAPE), at));
}

/** Whether a key word that begins at `at` is a word, or one of a name in camel case, and not the inside of another word. */
export function startsKey(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  if (!/[A-Za-z]/.test(before) || endsEscape(text, at)) return true;
  return /[a-z]/.test(before) && /[A-Z]/.test(text.charAt(at));
}

const UNIT =
  /^[ \u00a0]?(?:rows?|records?|entries|items|lines|events|files|messages|bytes|[kmgt]i?b|ms|s|secs?|seconds|minutes|times)\b/i;

/** Whether what ends at `at` is a number of something. */
export function isQuantity(text: string, at: number): boolean {
  return UNIT.test(text.slice(at, at + 12));
}
