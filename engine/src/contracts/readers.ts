import { isCardNumber } from "../masking/card-number.ts";
import { maskText } from "../masking/mask-text.ts";
import { noted } from "../masking/tally.ts";
import { LIMITS } from "../model/limits.ts";
import { Refusal } from "./refusal.ts";

export type Members = Readonly<Record<string, unknown>>;

/** Characters no name may hold: controls, direction overrides, lone surrogates. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAME = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\p{Cs}]/u;

export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object, or a refusal naming the field. */
export function readObject(value: unknown, field: string): Members {
  if (isObject(value)) return value;
  if (value === undefined || value === null) {
    throw new Refusal("missing_field", `${field} is missing; it must be an object`, field);
  }
  throw new Refusal("wrong_type", `${field} must be an object`, field);
}

export function readString(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) {
    throw new Refusal("missing_field", `${field} is missing; it must be text`, field);
  }
  throw new Refusal("wrong_type", `${field} must be text`, field);
}

/** A name of 1 … LIMITS.nameLength characters, masked. Ids are made of the masked form, so that they can be made again from it. */
export function readName(value: unknown, field: string): string {
  const name = readString(value, field);
  if (name.length === 0) {
    throw new Refusal("invalid_name", `${field} must have at least 1 character`, field);
  }
  if (name.length > LIMITS.nameLength) {
    const message = `${field} has ${name.length} characters; at most ${LIMITS.nameLength} are allowed`;
    throw new Refusal("name_too_long", message, field);
  }
  if (FORBIDDEN_IN_NAME.test(name)) {
    const message = `${field} must not hold control characters, direction overrides or lone surrogates`;
    throw new Refusal("invalid_name", message, field);
  }
  return noted(maskText(name)).slice(0, LIMITS.nameLength);
}

/** Text of a value that is text, a number, true or false; null for any other. */
export function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** A finite number of at least 0. */
export function readAmount(value: unknown, field: string): number {
  if (typeof value !== "number")
    throw new Refusal("wrong_type", `${field} must be a number`, field);
  checkNoCard(value, field);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Refusal("invalid_number", `${field} must be a finite number of at least 0`, field);
}

/** A whole number from 0 to 2^53 − 1. */
export function readCount(value: unknown, field: string): number {
  if (typeof value !== "number")
    throw new Refusal("wrong_type", `${field} must be a number`, field);
  checkNoCard(value, field);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Refusal("invalid_number", `${field} must be a whole number from 0 to 2^53 - 1`, field);
}

/** Smaller numbers of this form do occur: bytes of a few terabytes. */
const CARD_LIKE = 1e14;

/** Whether a number can only be a card number. */
export function isCardLike(value: number): boolean {
  return value >= CARD_LIKE && Number.isSafeInteger(value) && isCardNumber(String(value));
}

/** A number is kept as it is, so a card number is refused. */
function checkNoCard(value: number, field: string): void {
  if (!isCardLike(value)) return;
  const message = `${field} must be a count or an amount; this number is a payment card's`;
  throw new Refusal("card_number", message, field);
}
