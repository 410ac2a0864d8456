import { checkKeys, parseJson } from "./parse-body.ts";

/**
 * JSON of a caller: at most LIMITS.jsonDepth deep, and without keys that reach a prototype. Throws a Refusal with the code `too_deep`,
 * `invalid_json` or `forbidden_key`; its words quote nothing of the text.
 */
export function parseStrictly(text: string): unknown {
  const { value, suspect } = parseJson(text);
  if (suspect) checkKeys(value);
  return value;
}
