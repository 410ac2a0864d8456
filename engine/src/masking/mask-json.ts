import { LIMITS } from "../model/limits.ts";
import type { MaskKind } from "../model/masked.ts";
import { cutText, stripText } from "./clean-text.ts";
import { SECRET_MASK } from "./mask-kind.ts";
import { isSecretName } from "./mask-secrets.ts";
import { maskText } from "./mask-text.ts";
import { maskValue } from "./named-value.ts";
import { noted, noteHidden } from "./tally.ts";

/**
 * Free text as it is kept: stripped, masked, and only then cut, so that a cut never halves what a mask must see whole. What it
 * hides is counted (tally.ts).
 */
export function keptText(text: string, length: number = LIMITS.textLength): string {
  return cutText(noted(maskText(stripText(text))), length);
}

/**
 * The value of a named entry, as above.
 *
 * @param keep kinds that an approved exception keeps for entries of this name
 */
export function keptValue(name: string, text: string, keep: readonly MaskKind[] = []): string {
  return cutText(noted(maskValue(name, stripText(text), keep)), LIMITS.textLength);
}

/**
 * A JSON value with every text in it masked, keys too, and numbers that are card numbers or stand under a name that tells what
 * they are. What stands under a secret's name goes as a whole, also in the form `{name: "PASSWORD", value: …}`. Counted.
 * The value's depth is already bounded (LIMITS.jsonDepth).
 */
export function maskJson(value: unknown): unknown {
  return masked("", value);
}

function masked(name: string, value: unknown): unknown {
  if (typeof value === "string") return noted(maskValue(name, stripText(value)));
  if (typeof value === "number") return maskedNumber(name, value);
  if (Array.isArray(value)) return value.map((entry) => masked(name, entry));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const given = entries.find(
    ([key, text]) => (key === "name" || key === "key") && typeof text === "string",
  );
  const called = typeof given?.[1] === "string" ? given[1] : null;
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const meant = key === "value" && called !== null ? called : key;
      return [noted(maskText(stripText(key))), underName(meant, inner)];
    }),
  );
}

function underName(name: string, value: unknown): unknown {
  if (!isSecretName(name) || value === null || typeof value === "boolean")
    return masked(name, value);
  if (value !== SECRET_MASK && value !== "") noteHidden("secret");
  return SECRET_MASK;
}

function maskedNumber(name: string, value: number): unknown {
  const text = String(value);
  const hidden = noted(maskValue(name, text));
  return hidden === text ? value : hidden;
}
