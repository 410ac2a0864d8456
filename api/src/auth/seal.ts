import { broken, keyIdOf, SealError, SealKey } from "./seal-key.ts";

export { SealError } from "./seal-key.ts";

/** A key of the ring. */
export interface RingKey {
  readonly material: Buffer;
  /** When another one took its place, epoch ms; null: it is the one in use. */
  readonly retiredAt: number | null;
}

/**
 * Secrets at rest, under keys that are not in the store: the newest key seals, every key opens what was sealed with it.
 * A ring changes while the program runs when another program has changed the keys.
 */
export class Seal {
  readonly #reread: () => readonly RingKey[] | null;
  #keys: readonly { readonly key: SealKey; readonly retiredAt: number | null }[];

  /**
   * @param keys newest first; or the material of the only one
   * @param reread the keys as they are now, for when one is missing; null: they cannot be read
   */
  constructor(
    keys: Buffer | readonly RingKey[],
    reread: () => readonly RingKey[] | null = () => null,
  ) {
    this.#keys = ringOf(Buffer.isBuffer(keys) ? [{ material: keys, retiredAt: null }] : keys);
    this.#reread = reread;
  }

  /** The key that seals. */
  get keyId(): string {
    return this.#newest.keyId;
  }

  get keyIds(): readonly string[] {
    return this.#keys.map(({ key }) => key.keyId);
  }

  /** @param purpose what it is and whose, for example `webhook:<id>`; opening needs the same */
  seal(purpose: string, clear: string): string {
    return this.#newest.seal(purpose, clear);
  }

  /** Fails with {@link SealError}. */
  open(purpose: string, sealed: string): string {
    const keyId = keyIdOf(sealed);
    if (keyId === null) throw broken(purpose);
    if (this.#find(keyId) === null) this.refresh();
    const key = this.#find(keyId);
    if (key !== null) return key.open(purpose, sealed);
    const here = this.keyIds.length === 1 ? "the key here is" : "the keys here are";
    throw new SealError(
      "other_key",
      `The secret "${purpose}" was sealed with key ${keyId}; ${here} ${this.keyIds.join(", ")}. Bring back the file it was sealed with (BATCHWATCH_SECRET_FILE).`,
    );
  }

  /** Looks for keys that another program has put in place. */
  refresh(): void {
    const keys = this.#reread();
    if (keys !== null) this.#keys = ringOf(keys);
  }

  /** A key of its own for another use, 32 bytes: another one after each change of the key. */
  derive(use: string): Buffer {
    return this.#newest.derive(use);
  }

  /** The same of every key that was in use after `since`, newest first: for what was signed before the change and still counts. */
  deriveSince(use: string, since: number): readonly Buffer[] {
    return this.#keys
      .filter(({ retiredAt }) => retiredAt === null || retiredAt > since)
      .map(({ key }) => key.derive(use));
  }

  /** The same of the oldest key, which no change of the key touches: for what must be verified as one whole for years. */
  deriveLasting(use: string): Buffer {
    return (this.#keys.at(-1)?.key ?? this.#newest).derive(use);
  }

  get #newest(): SealKey {
    const [newest] = this.#keys;
    if (newest === undefined) throw new Error("A seal needs a key.");
    return newest.key;
  }

  #find(keyId: string): SealKey | null {
    return this.#keys.find(({ key }) => key.keyId === keyId)?.key ?? null;
  }
}

function ringOf(
  keys: readonly RingKey[],
): readonly { readonly key: SealKey; readonly retiredAt: number | null }[] {
  return keys.map(({ material, retiredAt }) => ({ key: new SealKey(material), retiredAt }));
}
