import type { MaskSpan } from "./mask-kind.ts";

/** Sorted, and of those that overlap the one that begins first. */
export function inOrder(spans: MaskSpan[]): MaskSpan[] {
  let end = 0;
  return spans
    .sort((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      if (from < end) return false;
      end = to;
      return true;
    });
}

/**
 * Calls `found` for each occurrence in order; it may move `pattern.lastIndex`. `matchAll` would copy the expression each time,
 * which costs more than most searches.
 */
export function eachMatch(
  pattern: RegExp,
  text: string,
  found: (match: RegExpExecArray) => void,
): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) found(match);
}
