import { eachMatch } from "./spans.ts";

/** A word that announces a secret, in lower case, and where it stands. */
export interface SecretKey {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What every key word has in it; the rest is looked at where one occurs, which is ten times as fast as one expression for all. */
const PARTS = /pass|pwd|secret|token|key|authorization|bearer|eyj|cv[vc]|pin/gi;
const LONG_PASS = /pass(?:phrase|wor[dt]|code|wd)/iy;
/** `pass=`, `"pass":`. */
const SHORT_PASS = /pass(?=\\{0,7}["']?[ \t]{0,3}=|\\{0,7}["']:)/iy;
/** `db_pass:`; a plain `pass:` tells of a round. */
const NAMED_PASS = /_pass(?=:)/iy;
const CODE = /(?:cv[vc]2?|pin)(?=\\{0,7}["']?[ \t]{0,3}[=:])/iy;
const BEFORE_KEY = /(?:api|access|private|account)[ _-]?$/i;
const BEFORE_KEY_LENGTH = 8;

/** Calls `found` for each key word in order; what it answers is where to go on. */
export function eachSecretKey(text: string, found: (key: SecretKey) => number): void {
  eachMatch(PARTS, text, ({ 0: part, index }) => {
    const key = keyAt(text, part.toLowerCase(), index);
    if (key !== null) PARTS.lastIndex = Math.max(found(key), index + part.length);
  });
}

function keyAt(text: string, part: string, from: number): SecretKey | null {
  const plain = { key: part, from, to: from + part.length };
  switch (part) {
    case "pass":
      return passAt(text, from);
    case "key": {
      const before = BEFORE_KEY.exec(text.slice(Math.max(0, from - BEFORE_KEY_LENGTH), from));
      return before === null ? null : { ...plain, from: from - before[0].length };
    }
    case "cvv":
    case "cvc":
    case "pin":
      return isLetter(text, from - 1) ? null : matched(CODE, text, from, "code");
    case "eyj":
      // A web token starts only where no other word character precedes it.
      return /[\w-]/.test(text.charAt(from - 1)) ? null : plain;
    default:
      return plain;
  }
}

function passAt(text: string, from: number): SecretKey | null {
  const long = matched(LONG_PASS, text, from, "password");
  if (long !== null) return long;
  const short = isLetter(text, from - 1) ? null : matched(SHORT_PASS, text, from, "pass");
  if (short !== null) return short;
  const named = from === 0 ? null : matched(NAMED_PASS, text, from - 1, "pass");
  return named === null ? null : { ...named, from };
}

function matched(sticky: RegExp, text: string, from: number, key: string): SecretKey | null {
  sticky.lastIndex = from;
  return sticky.test(text) ? { key, from, to: sticky.lastIndex } : null;
}

function isLetter(text: string, at: number): boolean {
  return /[a-z]/i.test(text.charAt(at));
}
