import { LIMITS } from "../model/limits.ts";
import { cutText, stripText } from "./clean-text.ts";
import { SECRET_MASK } from "./mask-kind.ts";
import { isSecretName } from "./mask-secrets.ts";
import { maskText } from "./mask-text.ts";

/** Free text as it is kept: stripped, masked, and only then cut, so that a cut never halves what a mask must see whole. */
export function keptText(text: string, length: number = LIMITS.textLength): string {
  return cutText(maskText(stripText(text)).text, length);
}

/** The value of a named entry: a secret as a whole when its name says so, else free text. */
export function keptValue(name: string, text: string): string {
  return isSecretName(name) ? SECRET_MASK : keptText(text);
}

/**
 * A JSON value with every text in it masked, keys too, and numbers that are card numbers.
 * What stands under a secret's name goes as a whole, also in the form `{name: "PASSWORD", value: …}`.
 * The value's depth is already bounded (LIMITS.jsonDepth).
 */
export function maskJson(value: unknown): unknown {
  if (typeof value === "string") return maskText(stripText(value)).text;
  if (typeof value === "number") return maskNumber(value);
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const named = entries.some(
    ([key, text]) =>
      (key === "name" || key === "key") && typeof text === "string" && isSecretName(text),
  );
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const hidden = holdsText(inner) && (isSecretName(key) || (named && key === "value"));
      return [maskText(stripText(key)).text, hidden ? SECRET_MASK : maskJson(inner)];
    }),
  );
}

function holdsText(value: unknown): boolean {
  return value !== null && typeof value !== "boolean";
}

function maskNumber(value: number): unknown {
  const text = String(value);
  const masked = maskText(text).text;
  return masked === text ? value : masked;
}
