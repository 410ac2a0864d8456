import type { MaskCounts, MaskKind, MaskTally } from "../model/masked.ts";
import { accountSpans } from "./mask-accounts.ts";
import { cardSpans } from "./mask-cards.ts";
import { emailSpans } from "./mask-emails.ts";
import { ibanSpans } from "./mask-ibans.ts";
import type { MaskSpan } from "./mask-kind.ts";
import { phoneSpans } from "./mask-phones.ts";
import { secretSpans } from "./mask-secrets.ts";
import { ssnSpans } from "./mask-ssns.ts";
import { userInfoSpans } from "./mask-user-info.ts";
import { MAY_HOLD, mayHold } from "./prefilter.ts";

export interface MaskedText {
  readonly text: string;
  readonly counts: MaskCounts;
  /** What was found and left, because its kind was to be kept. */
  readonly kept: MaskCounts;
}

const NOTHING: MaskCounts = {};
/** Values written together without anything between them; more of them in a row than this nobody writes. */
const MOST_ROUNDS = 5;

interface Detector {
  readonly spans: (text: string) => readonly MaskSpan[];
  /** Flags of which all must be set in one of these for the detector to look at all. */
  readonly when: readonly number[];
}

const { secret, at, slash, scheme, iban, card, ssn, ssnKey, phone, phoneKey, accountKey, digits } =
  MAY_HOLD;

/** In this order: what is found first is out of the way of those that would take a part of it for theirs. */
const DETECTORS: readonly Detector[] = [
  { spans: secretSpans, when: [secret] },
  { spans: userInfoSpans, when: [scheme | at, slash | at] },
  { spans: emailSpans, when: [at] },
  { spans: ibanSpans, when: [iban] },
  { spans: cardSpans, when: [card] },
  { spans: ssnSpans, when: [ssn, ssnKey | digits] },
  { spans: phoneSpans, when: [phone, phoneKey | digits] },
  { spans: accountSpans, when: [accountKey | digits] },
];

/** Whether a text may hold something to mask; most texts do not. */
export function mayNeedMask(text: string): boolean {
  const flags = mayHold(text);
  return flags !== 0 && DETECTORS.some((detector) => applies(detector, flags));
}

/**
 * Hides card numbers, social security numbers, IBANs, e-mail addresses, phone numbers, account numbers and secrets.
 * Masking a masked text changes nothing.
 *
 * @param keep kinds that are counted and left
 */
export function maskText(text: string, keep: readonly MaskKind[] = []): MaskedText {
  const flags = mayHold(text);
  if (flags === 0) return { text, counts: NOTHING, kept: NOTHING };
  const tally = { hidden: {}, kept: {} };
  let masked = once(text, flags, keep, tally);
  // What a mask took away may have been all that kept its neighbour from being one.
  for (let round = 1, before = text; masked !== before && round < MOST_ROUNDS; round += 1) {
    before = masked;
    masked = once(before, flags, keep, { hidden: tally.hidden, kept: {} });
  }
  return { text: masked, counts: tally.hidden, kept: tally.kept };
}

function once(text: string, flags: number, keep: readonly MaskKind[], tally: MaskTally): string {
  let masked = text;
  for (const detector of DETECTORS) {
    if (applies(detector, flags)) masked = apply(masked, detector.spans(masked), keep, tally);
  }
  return masked;
}

function applies({ when }: Detector, flags: number): boolean {
  for (const needed of when) if ((flags & needed) === needed) return true;
  return false;
}

function apply(
  text: string,
  spans: readonly MaskSpan[],
  keep: readonly MaskKind[],
  { hidden, kept }: MaskTally,
): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, kind, by } of spans) {
    if (text.slice(from, to) === by) continue;
    // Whatever an exception says: a secret is never kept.
    const isKept = kind !== "secret" && keep.includes(kind);
    const counts = isKept ? kept : hidden;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (isKept) continue;
    parts.push(text.slice(at, from), by);
    at = to;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
