const FIRST_BYTES = 65_536;
const SEVEN_BITS = 0x80;
const TWO_TO_28 = 0x1000_0000;
/** Most bytes that one UTF-16 unit takes in UTF-8. */
const UTF8_MAX = 3;

/** Digit of a lower-case hexadecimal character code, 255 for any other. */
const HEX_DIGITS: Uint8Array = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = code < SEVEN_BITS ? "0123456789abcdef".indexOf(String.fromCharCode(code)) : -1;
  return digit === -1 ? 255 : digit;
});

/** Bytes that grow at the end; used again for one record after another. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  clear(): void {
    this.#at = 0;
  }

  byte(value: number): void {
    if (this.#at === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** A whole number from 0 to 2^53 − 1, seven bits a byte, the lowest first. */
  count(value: number): void {
    if (this.#at + 8 > this.#bytes.length) this.#grow(8);
    let rest = value;
    while (rest >= TWO_TO_28) {
      this.#bytes[this.#at] = (rest % SEVEN_BITS) + SEVEN_BITS;
      this.#at += 1;
      rest = Math.floor(rest / SEVEN_BITS);
    }
    while (rest >= SEVEN_BITS) {
      this.#bytes[this.#at] = (rest & 0x7f) | SEVEN_BITS;
      this.#at += 1;
      rest >>>= 7;
    }
    this.#bytes[this.#at] = rest;
    this.#at += 1;
  }

  /** A text's length in bytes, then its UTF-8. */
  text(text: string): void {
    const { length } = text;
    if (this.#at + length * UTF8_MAX + 8 > this.#bytes.length) this.#grow(length * UTF8_MAX + 8);
    const start = this.#at;
    if (length < SEVEN_BITS && this.#ascii(text)) return;
    this.#at = start;
    this.count(Buffer.byteLength(text));
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** Two hexadecimal digits a byte. False, and nothing written, when it is not lower-case hexadecimal of that length. */
  hex(text: string, bytes: number): boolean {
    if (text.length !== bytes * 2) return false;
    if (this.#at + bytes > this.#bytes.length) this.#grow(bytes);
    const target = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < text.length; index += 2) {
      const high = HEX_DIGITS[text.charCodeAt(index)] ?? 255;
      const low = HEX_DIGITS[text.charCodeAt(index + 1)] ?? 255;
      if ((high | low) > 15) return false;
      target[at] = (high << 4) | low;
      at += 1;
    }
    this.#at = at;
    return true;
  }

  /** Goes back to where it was, to write something else. */
  cutTo(length: number): void {
    this.#at = length;
  }

  bytes(other: ByteWriter, from: number, to: number): void {
    if (this.#at + to - from > this.#bytes.length) this.#grow(to - from);
    this.#at += other.#bytes.copy(this.#bytes, this.#at, from, to);
  }

  all(bytes: Uint8Array): void {
    if (this.#at + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** What was written from a place on. */
  copy(from: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, from, this.#at);
  }

  /** A copy in a buffer of its own, which may be given away to another thread. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#at);
    this.#bytes.copy(taken, 0, 0, this.#at);
    return taken;
  }

  /** Short ASCII text, which nearly every name is; false leaves it half written. */
  #ascii(text: string): boolean {
    const target = this.#bytes;
    let at = this.#at;
    target[at] = text.length;
    at += 1;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= SEVEN_BITS) return false;
      target[at] = code;
      at += 1;
    }
    this.#at = at;
    return true;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
