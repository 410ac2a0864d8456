import type { MaskKind } from "../model/masked.ts";

/** A stretch of text, `from` inclusive and `to` exclusive, and what stands in its place. */
export interface MaskSpan {
  readonly from: number;
  readonly to: number;
  readonly kind: MaskKind;
  readonly by: string;
}

/**
 * No mask holds anything that a detector takes for a value or for what joins a key word to one: "]" stands between
 * the word in a mask and whatever follows it, so masking a masked text changes nothing.
 */
export const SECRET_MASK = "[secret]";
export const EMAIL_MASK = "[email]";
export const SSN_MASK = "[ssn]";
export const IBAN_MASK = "[iban]";
export const PHONE_MASK = "[phone]";
export const ACCOUNT_MASK = "[account]";
