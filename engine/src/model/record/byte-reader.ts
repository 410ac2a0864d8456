const SEVEN_BITS = 0x80;
const TWO_TO_28 = 0x1000_0000;

/** Reads what a `ByteWriter` wrote. Throws a `RangeError` at the end of the bytes, never reads beyond. */
export class ByteReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new RangeError("The record ends too early.");
    this.at += 1;
    return value;
  }

  count(): number {
    let byte = this.byte();
    if (byte < SEVEN_BITS) return byte;
    let value = byte & 0x7f;
    let unit = SEVEN_BITS;
    for (;;) {
      byte = this.byte();
      if (byte < SEVEN_BITS) {
        const whole = value + byte * unit;
        if (Number.isSafeInteger(whole)) return whole;
        throw new RangeError("The record has a number above 2^53 - 1.");
      }
      value = unit < TWO_TO_28 ? value | ((byte & 0x7f) * unit) : value + (byte & 0x7f) * unit;
      unit *= SEVEN_BITS;
      if (!Number.isSafeInteger(unit)) {
        throw new RangeError("The record has a number above 2^53 - 1.");
      }
    }
  }

  text(): string {
    const length = this.count();
    const from = this.at;
    this.skip(length);
    return this.bytes.toString("utf8", from, this.at);
  }

  hex(bytes: number): string {
    const from = this.at;
    this.skip(bytes);
    return this.bytes.toString("hex", from, this.at);
  }

  skip(bytes: number): void {
    const to = this.at + bytes;
    if (to > this.bytes.length) throw new RangeError("The record ends too early.");
    this.at = to;
  }

  /** Four bytes as a signed number, for comparing. */
  word(): number {
    const { bytes, at } = this;
    this.skip(4);
    return (
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)
    );
  }
}
