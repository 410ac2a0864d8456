const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const ZERO = 0x30;
const NINE = 0x39;
/** So many digits are below 10^14: no safe integer is missed, and none can be a card's number (readers.ts). */
const MOST_DIGITS = 14;

/**
 * JSON in bytes, as far as it is of the plainest form: ASCII text without escapes, whole numbers. Each step moves `at` on,
 * or says that it cannot (false, -1) and leaves `at` anywhere: who asks gives up then.
 */
export class PlainBytes {
  readonly bytes: Buffer;
  at = 0;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  /** The byte at the next place that is no blank; NaN behind the end. */
  next(): number {
    const { bytes } = this;
    let { at } = this;
    while (isBlank(bytes[at])) at += 1;
    this.at = at;
    return bytes[at] ?? Number.NaN;
  }

  /** One sign, with any blanks before it. */
  sign(code: number): boolean {
    if (this.bytes[this.at] !== code && this.next() !== code) return false;
    this.at += 1;
    return true;
  }

  /** Just these bytes. */
  literal(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < expected.length; index += 1) {
      if (bytes[at + index] !== expected[index]) return false;
    }
    this.at = at + expected.length;
    return true;
  }

  /** The rest of a text whose opening quote was read: where it ends, with `at` behind its closing quote. */
  textEnd(): number {
    const { bytes } = this;
    for (let at = this.at; at < bytes.length; at += 1) {
      const code = bytes[at] as number;
      if (code === QUOTE) {
        this.at = at + 1;
        return at;
      }
      if (code === BACKSLASH || code < 0x20 || code > 0x7e) return -1;
    }
    return -1;
  }

  /** Passes over a value that begins with a bracket, if it ends and is nested no deeper; whether it is JSON is not looked at. */
  value(mostDepth: number): boolean {
    const { bytes } = this;
    let depth = 0;
    for (let at = this.at; at < bytes.length; at += 1) {
      const code = bytes[at] as number;
      if (code === QUOTE) {
        at = quoteAfter(bytes, at + 1);
      } else if (code === OPEN || code === OPEN_ARRAY) {
        depth += 1;
        if (depth > mostDepth) return false;
      } else if (code === CLOSE || code === CLOSE_ARRAY) {
        depth -= 1;
        if (depth === 0) {
          this.at = at + 1;
          return true;
        }
      }
    }
    return false;
  }

  /** A whole number of at most 14 digits. What ends it is for the next step to judge. */
  count(): number {
    const { bytes } = this;
    const first = this.next() - ZERO;
    if (!(first >= 0 && first <= 9)) return -1;
    let value = first;
    let at = this.at + 1;
    const last = this.at + (first === 0 ? 1 : MOST_DIGITS);
    for (; at < last; at += 1) {
      const code = bytes[at] as number;
      if (!(code >= ZERO && code <= NINE)) break;
      value = value * 10 + (code - ZERO);
    }
    this.at = at;
    return value;
  }
}

/** Where the quote is that ends a text. */
function quoteAfter(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** JSON's blanks. */
function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
