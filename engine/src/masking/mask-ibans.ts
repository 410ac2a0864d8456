import { IBAN_FORMS } from "./iban-countries.ts";
import { IBAN_MASK, type MaskSpan } from "./mask-kind.ts";
import { eachMatch } from "./spans.ts";
import { isWord, joinsBefore } from "./word-edge.ts";

/** Country, check digits, and the first two of what follows. */
const START = /[a-z]{2}\d{2}[ \u00a0\u202f-]?[a-z0-9]{2}/gi;
/** One blank, dash or line break between groups. */
const JOINT = /[ \u00a0\u202f-]|\r?\n|\\{1,4}(?:r\\{1,4})?n/y;
const PREFIX_LENGTH = 4;

/** IBANs of a text, in order and without overlap: known country, its length and form, and a right checksum. */
export function ibanSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachMatch(START, text, ({ index }) => {
    const to = ibanEnd(text, index);
    if (to !== null) spans.push({ from: index, to, kind: "iban", by: IBAN_MASK });
    // The next one may begin with the second letter of what is none.
    START.lastIndex = to ?? index + 1;
  });
  return spans;
}

function ibanEnd(text: string, from: number): number | null {
  const form = IBAN_FORMS.get(text.slice(from, from + 2).toUpperCase());
  if (form === undefined) return null;
  if (joinsBefore(text, from) && !/iban$/i.test(text.slice(Math.max(0, from - 4), from))) {
    return null;
  }
  let iban = "";
  let at = from;
  while (iban.length < form.length) {
    if (iban.length >= PREFIX_LENGTH) at += jointAt(text, at);
    const character = text.charAt(at).toUpperCase();
    if (!fits(character, form.kinds.charAt(iban.length - PREFIX_LENGTH))) return null;
    iban += character;
    at += 1;
  }
  return !isWord(text, at) && hasChecksum(iban) ? at : null;
}

function jointAt(text: string, at: number): number {
  JOINT.lastIndex = at;
  return JOINT.test(text) ? JOINT.lastIndex - at : 0;
}

/** `kind` is empty within the first four, whose form is known. */
function fits(character: string, kind: string): boolean {
  const isDigit = character >= "0" && character <= "9";
  const isLetter = character >= "A" && character <= "Z";
  if (kind === "n") return isDigit;
  if (kind === "a") return isLetter;
  return isDigit || isLetter;
}

/** ISO 7064, mod 97-10: the first four moved to the end, letters as 10 … 35, leave 1. */
function hasChecksum(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(PREFIX_LENGTH) + iban.slice(0, PREFIX_LENGTH)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
