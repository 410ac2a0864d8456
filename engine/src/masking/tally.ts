import type { MaskCounts, MaskKind, MaskTally } from "../model/masked.ts";
import type { MaskedText } from "./mask-text.ts";

/**
 * What this thread has hidden of texts that are kept, since it was last taken. Reading a request is one synchronous call, so
 * what is taken at its end is the request's own; counting here spares every reader an argument more.
 */
let hidden: MaskCounts = {};
let kept: MaskCounts = {};

/** Counts what was found in a text that is kept. */
export function noted(masked: MaskedText): string {
  addTo(hidden, masked.counts);
  addTo(kept, masked.kept);
  return masked.text;
}

export function noteHidden(kind: MaskKind): void {
  hidden[kind] = (hidden[kind] ?? 0) + 1;
}

export function takeMasks(): MaskTally {
  const taken = { hidden, kept };
  hidden = {};
  kept = {};
  return taken;
}

/** Adds the second counts to the first. */
function addTo(sum: MaskCounts, more: MaskCounts): void {
  for (const kind in more) {
    const known = kind as MaskKind;
    sum[known] = (sum[known] ?? 0) + (more[known] ?? 0);
  }
}
