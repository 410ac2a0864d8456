import type { MaskCounts, MaskKind, MaskTally } from "../model/masked.ts";
import { accountSpans } from "./mask-accounts.ts";
import { cardSpans } from "./mask-cards.ts";
import { emailSpans } from "./mask-emails.ts";
import { ibanSpans } from "./mask-ibans.ts";
import type { MaskSpan } from "./mask-kind.ts";
import { knownSecretSpans } from "./mask-known-secrets.ts";
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
/** What parts a value from its neighbours for good. */
const APART = " \t\r\n";

interface Detector {
  readonly spans: (text: string) => readonly MaskSpan[];
  /** Flags of which all must be set in one of these for the detector to look at all. */
  readonly when: readonly number[];
}

/** In this order: what is found first is out of the way of those that would take a part of it for theirs. */
const DETECTORS: readonly Detector[] = [
  { spans: knownSecretSpans, when: [MAY_HOLD.knownSecret] },
  { spans: secretSpans, when: [MAY_HOLD.secret] },
  { spans: userInfoSpans, when: [MAY_HOLD.scheme | MAY_HOLD.at, MAY_HOLD.slash | MAY_HOLD.at] },
  { spans: emailSpans, when: [MAY_HOLD.at] },
  { spans: ibanSpans, when: [MAY_HOLD.iban] },
  { spans: cardSpans, when: [MAY_HOLD.card] },
  { spans: ssnSpans, when: [MAY_HOLD.ssn, MAY_HOLD.ssnKey | MAY_HOLD.digits] },
  { spans: phoneSpans, when: [MAY_HOLD.phone, MAY_HOLD.phoneKey | MAY_HOLD.digits] },
  { spans: accountSpans, when: [MAY_HOLD.accountKey | MAY_HOLD.digits] },
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
  const work: Work = { keep, hidden: {}, kept: {}, touched: false };
  let masked = once(text, flags, work);
  // What a mask took away may have been all that kept its neighbour from being one.
  let { touched } = work;
  for (let round = 1; touched && round < MOST_ROUNDS; round += 1) {
    // What is kept was counted in the first round.
    const again: Work = { keep, hidden: work.hidden, kept: {}, touched: false };
    masked = once(masked, flags, again);
    ({ touched } = again);
  }
  return { text: masked, counts: work.hidden, kept: work.kept };
}

interface Work extends MaskTally {
  readonly keep: readonly MaskKind[];
  /** A value was hidden that something else than a blank adjoined. */
  touched: boolean;
}

function once(text: string, flags: number, work: Work): string {
  let masked = text;
  for (const detector of DETECTORS) {
    if (applies(detector, flags)) masked = apply(masked, detector.spans(masked), work);
  }
  return masked;
}

function applies({ when }: Detector, flags: number): boolean {
  for (const needed of when) if ((flags & needed) === needed) return true;
  return false;
}

function apply(text: string, spans: readonly MaskSpan[], work: Work): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, kind, by } of spans) {
    if (text.slice(from, to) === by) continue;
    // Whatever an exception says: a secret is never kept.
    const isKept = kind !== "secret" && work.keep.includes(kind);
    const counts = isKept ? work.kept : work.hidden;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (isKept) continue;
    parts.push(text.slice(at, from), by);
    at = to;
    if (!standsAlone(text, from - 1) || !standsAlone(text, to)) work.touched = true;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

function standsAlone(text: string, at: number): boolean {
  return at < 0 || at >= text.length || APART.includes(text.charAt(at));
}
