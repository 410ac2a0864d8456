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
