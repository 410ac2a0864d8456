import { cardSpans } from "./mask-cards.ts";
import { emailSpans } from "./mask-emails.ts";
import type { MaskCounts } from "../model/masked.ts";
import type { MaskSpan } from "./mask-kind.ts";
import { secretSpans } from "./mask-secrets.ts";
import { userInfoSpans } from "./mask-user-info.ts";

/** Anything that could be the start of something to mask. Linear: every alternative has a bounded length. */
const PREFILTER =
  /@|\d(?:[ \u00a0\u2010-\u2013-]?\d){12}|pass(?:w|phrase|code)|pwd|secret|token|(?:api|access|private)[ _-]?key|authorization|bearer|eyj/i;

export interface MaskedText {
  readonly text: string;
  readonly counts: MaskCounts;
}

const NOTHING: MaskCounts = {};

/** Whether a text may hold something to mask; most texts do not. */
export function mayNeedMask(text: string): boolean {
  return PREFILTER.test(text);
}

/** Hides card numbers, e-mail addresses and secrets. Masking a masked text changes nothing. */
export function maskText(text: string): MaskedText {
  if (!PREFILTER.test(text)) return { text, counts: NOTHING };
  const counts: MaskCounts = {};
  let masked = apply(text, secretSpans(text), counts);
  if (masked.includes("@")) {
    masked = apply(masked, userInfoSpans(masked), counts);
    masked = apply(masked, emailSpans(masked), counts);
  }
  masked = apply(masked, cardSpans(masked), counts);
  return { text: masked, counts };
}

function apply(text: string, spans: readonly MaskSpan[], counts: MaskCounts): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const span of spans) {
    parts.push(text.slice(at, span.from), span.by);
    if (text.slice(span.from, span.to) !== span.by)
      counts[span.kind] = (counts[span.kind] ?? 0) + 1;
    at = span.to;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
