import type { MaskKind } from "../model/masked.ts";
import { SECRET_MASK } from "./mask-kind.ts";
import { isSecretName } from "./mask-secrets.ts";
import { type MaskedText, maskText } from "./mask-text.ts";

const END = "(?:[ ._-]?(?:number|nummer|num|nbr|nr|no|id))?$";
/** Names whose values are read as if the key word stood before them. */
const CONTEXTS: readonly (readonly [name: RegExp, context: string])[] = [
  [new RegExp(`(?:ssn|soc(?:ial)?[ ._-]?sec(?:urity)?|itin)${END}`, "i"), "ssn="],
  [
    new RegExp(
      `(?:telephone|telefon|phone|mobile|mobil|msisdn|whatsapp|fax|(?:^|[ ._-])(?:tel|cell|handy|gsm))${END}`,
      "i",
    ),
    "phone=",
  ],
  [
    new RegExp(
      `(?:account|acct|konto|compte|cuenta|rekening|rachunek|routing|bankleitzahl|sort[ ._-]?code|(?:^|[ ._-])(?:acc|kto|aba|rtn|blz))${END}`,
      "i",
    ),
    "account=",
  ],
];

/** The value of a named entry: a secret as a whole when its name says so; else what it is of that its name says. */
export function maskValue(name: string, text: string, keep: readonly MaskKind[] = []): MaskedText {
  if (isSecretName(name)) {
    const isMasked = text === "" || text === SECRET_MASK;
    return { text: SECRET_MASK, counts: isMasked ? {} : { secret: 1 }, kept: {} };
  }
  const context = contextOf(name);
  if (context === "") return maskText(text, keep);
  const masked = maskText(context + text, keep);
  return { ...masked, text: masked.text.slice(context.length) };
}

function contextOf(name: string): string {
  return CONTEXTS.find(([names]) => names.test(name))?.[1] ?? "";
}
