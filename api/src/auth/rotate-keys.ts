import type { KeyStore, SealedText } from "@batchwatch/engine";
import { newRingKey } from "./key-file.ts";
import { purposeOf } from "./purposes.ts";
import { type RingKey, Seal } from "./seal.ts";
import { keyIdOf } from "./seal-key.ts";

/** Rounds over the store: a server that runs may have sealed something with the key before, until it has seen the new one. */
const MOST_ROUNDS = 5;

export interface RotationParts {
  /** The ring as it is, newest first. */
  readonly keys: readonly RingKey[];
  /** Keeps the ring for good; only then is anything sealed with its newest key. */
  readonly keep: (keys: readonly RingKey[]) => Promise<void>;
  readonly store: KeyStore;
  readonly now: () => number;
}

export interface Rotation {
  readonly keyId: string;
  /** The change before this one was broken off, and this one brought it to its end. */
  readonly resumed: boolean;
  readonly resealed: number;
}

/**
 * Puts a new key in front and seals everything in the store with it. It may be broken off anywhere: the older keys stay, so everything
 * opens at any moment, and the next call goes on where this one was. Fails with `SealError`, before anything is changed, when
 * something cannot be opened.
 */
export async function rotateKeys({ keys, keep, store, now }: RotationParts): Promise<Rotation> {
  const before = new Seal(keys);
  for (const text of await store.sealed()) before.open(purposeOf(text), text.sealed);
  const resumed = keys.length > 1 && (await store.rotatedTo()) !== before.keyId;
  const ring = resumed ? keys : withNewKey(keys, now());
  if (!resumed) await keep(ring);
  const seal = new Seal(ring);
  let resealed = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const old = (await store.sealed()).filter((text) => keyIdOf(text.sealed) !== seal.keyId);
    if (old.length === 0) break;
    for (const text of old) if (await reseal(store, seal, text)) resealed += 1;
  }
  const from = seal.keyIds[1] ?? null;
  await store.rotated(seal.keyId, { from, resealed, resumed, keys: ring.length }, now());
  return { keyId: seal.keyId, resumed, resealed };
}

function withNewKey(keys: readonly RingKey[], at: number): readonly RingKey[] {
  const retired = keys.map((key) => ({ ...key, retiredAt: key.retiredAt ?? at }));
  return [newRingKey(), ...retired];
}

function reseal(store: KeyStore, seal: Seal, text: SealedText): Promise<boolean> {
  const purpose = purposeOf(text);
  return store.reseal(text, seal.seal(purpose, seal.open(purpose, text.sealed)));
}
