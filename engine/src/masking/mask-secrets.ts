import { type MaskSpan, SECRET_MASK } from "./mask-kind.ts";
import { eachSecretKey } from "./secret-keys.ts";

const AFTER_KEY = /(?:[_-]?(?:key|value|text|hash))?(?:\\{0,7}["'])?[ \t]*(?::=|=>|==?|:)[ \t]*/iy;
const MASK = /\[(?:card …\d{4}|ssn|iban|email|phone|account|secret)\]/y;
const QUOTE = /\\{0,7}["']/y;
const BLANKS = /[ \t]+/y;
const SCHEME = /(?:basic|bearer|digest|negotiate|ntlm|token|apikey)[ \t]+/iy;
const WORD = /\S+/y;
const HEADER_WORD = /[^\s"']+/y;
const LINE = /[^\r\n]+/y;
const WEB_TOKEN = /eyj[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/iy;
/** A command's option, up to the key word: `--db-` of `--db-password hunter2`. */
const OPTION_START = /(?:^|\s)--?[\w.-]*$/;
const OPTION_LENGTH = 40;
/** Words this long are secrets after `Bearer`; shorter ones only with a digit or an `@`, so that "bearer bonds" stays. */
const TOKEN_LENGTH = 16;
/** `pass=12` tells of tests or rounds. */
const COUNT = /^\d{1,4}(?!\w)/;
/** Codes on a card, and its secret number. */
const CODE = /\d{3,8}(?!\w)/y;
/** After `token:` a shorter word is usually a parser's complaint ("unexpected token: }"). */
const SHORT_TOKEN_LENGTH = 8;

/** A field name whose value is a secret, whatever it looks like. */
const SECRET_NAME =
  /passphrase|passwor[dt]|passcode|passwd|pwd|secret|token|(?:api|access|private|account)[ ._-]?key|authorization|credential|(?:^|[ ._-])(?:pass|cv[vc]2?|pin)$/i;

/** Whether a value under this name is a secret as a whole. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Values after key words, in order and without overlap; the key words stay. */
export function secretSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachSecretKey(text, ({ key, from, to }) => {
    const span = valueSpan(text, key, from, to);
    if (span === null) return to;
    spans.push({ ...span, kind: "secret", by: SECRET_MASK });
    return span.to;
  });
  return spans;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function valueSpan(text: string, key: string, keyStart: number, keyEnd: number): Stretch | null {
  if (key === "eyj") return stretch(WEB_TOKEN, text, keyStart);
  const separator = stretch(AFTER_KEY, text, keyEnd);
  if (separator === null) return spacedValue(text, key, keyStart, keyEnd);
  if (isMaskAt(text, separator.to)) return null;
  const quoted = quotedStretch(text, separator.to);
  if (quoted !== null) return quoted.to > quoted.from ? quoted : null;
  if (key === "authorization") return headerValue(text, separator.to);
  const value = stretch(WORD, text, separator.to);
  if (value === null) return null;
  if (key === "bearer") return isTokenLike(text, value, TOKEN_LENGTH) ? value : null;
  if (key === "pass") return COUNT.test(text.slice(value.from, value.to)) ? null : value;
  if (key === "code") return stretch(CODE, text, separator.to);
  const complaint = key === "token" && text.slice(keyEnd, separator.to).includes(":");
  if (!complaint) return value;
  const long = value.to - value.from >= SHORT_TOKEN_LENGTH;
  return long || text.slice(value.from, value.to).includes("@") ? value : null;
}

/** `Bearer abc123` and `--password abc`: a value with nothing but blanks before it. */
function spacedValue(text: string, key: string, keyStart: number, keyEnd: number): Stretch | null {
  const blanks = stretch(BLANKS, text, keyEnd);
  if (blanks === null) return null;
  if (key === "bearer") {
    const value = stretch(HEADER_WORD, text, blanks.to);
    return value !== null && isTokenLike(text, value, TOKEN_LENGTH) ? value : null;
  }
  if (!OPTION_START.test(text.slice(Math.max(0, keyStart - OPTION_LENGTH), keyStart))) return null;
  return quotedStretch(text, blanks.to) ?? stretch(WORD, text, blanks.to);
}

/** What follows `Authorization:`; the scheme's name stays. */
function headerValue(text: string, from: number): Stretch | null {
  const scheme = stretch(SCHEME, text, from);
  if (scheme === null) {
    const value = stretch(HEADER_WORD, text, from);
    return value !== null && isTokenLike(text, value, TOKEN_LENGTH) ? value : null;
  }
  if (isMaskAt(text, scheme.to)) return null;
  const digest = text.charAt(scheme.from).toLowerCase() === "d";
  return stretch(digest ? LINE : HEADER_WORD, text, scheme.to);
}

/** Masked before: what stands behind it is not the value's. */
function isMaskAt(text: string, at: number): boolean {
  MASK.lastIndex = at;
  return MASK.test(text);
}

function isTokenLike(text: string, value: Stretch, length: number): boolean {
  return value.to - value.from >= length || /[\d@]/.test(text.slice(value.from, value.to));
}

/**
 * Inside of a quoted value at `from`, to its closing quote or the end of the line; null when no quote opens there. JSON in
 * JSON escapes its quotes: the closing one has as many backslashes before it as the opening one.
 */
function quotedStretch(text: string, from: number): Stretch | null {
  const opening = stretch(QUOTE, text, from);
  if (opening === null) return null;
  const depth = opening.to - from - 1;
  const quote = text.charAt(opening.to - 1);
  let slashes = 0;
  for (let to = opening.to; to < text.length; to += 1) {
    const character = text.charAt(to);
    if (character === "\n" || character === "\r") return { from: opening.to, to };
    const closes = depth === 0 ? slashes % 2 === 0 : slashes <= depth;
    if (character === quote && closes)
      return { from: opening.to, to: to - Math.min(slashes, depth) };
    slashes = character === "\\" ? slashes + 1 : 0;
  }
  return { from: opening.to, to: text.length };
}

function stretch(sticky: RegExp, text: string, from: number): Stretch | null {
  sticky.lastIndex = from;
  return sticky.test(text) ? { from, to: sticky.lastIndex } : null;
}
