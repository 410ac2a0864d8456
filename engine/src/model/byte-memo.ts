const FIRST_BYTES = 65_536;
/** Longest stretch that is remembered. */
const STRETCH_BYTES = 256;
/** Places looked at for one stretch: whoever makes up stretches of one hash gains nothing by it. */
const MOST_STEPS = 8;

/**
 * Remembers what stretches of bytes mean. A stretch that differs in any byte is another one, so remembering changes no
 * answer. What is remembered lies side by side in the order it came; when there is no room, all of it is forgotten.
 */
export class ByteMemo<Value> {
  static readonly mostBytes: number = STRETCH_BYTES;
  readonly #most: number;
  /** Entry by place, plus 1; 0 is a place that is free. */
  readonly #places: Int32Array;
  readonly #hashes: Int32Array;
  /** Where each entry's bytes end; they begin where those of the one before end. */
  readonly #ends: Int32Array;
  #values: Value[] = [];
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);

  /** @param most stretches, a power of two */
  constructor(most: number) {
    this.#most = most;
    this.#places = new Int32Array(most * 2);
    this.#hashes = new Int32Array(most);
    this.#ends = new Int32Array(most + 1);
  }

  /** @param hash of these bytes, 32 bits; who keeps a stretch and who looks for it make it in the same way */
  find(hash: number, bytes: Uint8Array, from: number, to: number): Value | null {
    const mask = this.#places.length - 1;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const entry = (this.#places[(hash + step) & mask] as number) - 1;
      if (entry === -1) return null;
      if (this.#hashes[entry] === hash && this.#is(entry, bytes, from, to)) {
        return this.#values[entry] as Value;
      }
    }
    return null;
  }

  /** Not what is longer than `mostBytes`, nor what would lie too far from its place. */
  keep(hash: number, bytes: Uint8Array, from: number, to: number, value: Value): void {
    if (to - from > STRETCH_BYTES) return;
    if (this.#values.length === this.#most) this.#forget();
    const mask = this.#places.length - 1;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const place = (hash + step) & mask;
      if (this.#places[place] !== 0) continue;
      const entry = this.#values.push(value) - 1;
      const start = this.#ends[entry - 1] ?? 0;
      const end = start + to - from;
      if (end > this.#bytes.length) this.#grow();
      this.#bytes.set(bytes.subarray(from, to), start);
      this.#ends[entry] = end;
      this.#hashes[entry] = hash;
      this.#places[place] = entry + 1;
      return;
    }
  }

  #is(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = entry === 0 ? 0 : (this.#ends[entry - 1] as number);
    if ((this.#ends[entry] as number) - start !== to - from) return false;
    const kept = this.#bytes;
    const shift = start - from;
    for (let at = from; at < to; at += 1) if (kept[at + shift] !== bytes[at]) return false;
    return true;
  }

  #forget(): void {
    this.#values = [];
    this.#places.fill(0);
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
