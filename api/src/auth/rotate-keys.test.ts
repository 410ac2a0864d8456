import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyStore, SealedText } from "@batchwatch/engine";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AckTokens } from "./ack-token.ts";
import { auditKeyOf } from "./audit-key.ts";
import { newRingKey, replaceKeys, whileLocked } from "./key-file.ts";
import { parseKeyRing, writtenKeyRing } from "./key-ring.ts";
import { purposeOf } from "./purposes.ts";
import { rotateKeys } from "./rotate-keys.ts";
import { type RingKey, Seal } from "./seal.ts";
import { openSecret } from "./secret-file.ts";

const NOW = 1_800_000_000_000;
const CANARY = "canary-7f3a secret";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "batchwatch-keys-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const first = (): RingKey => ({ material: randomBytes(32), retiredAt: null });

describe("a ring of keys", () => {
  test("seals with the newest and opens with each", () => {
    const before = new Seal([first()]);
    const [old] = [first()];
    const was = new Seal([old]);
    const sealed = was.seal("vapid", CANARY);
    const ring = new Seal([first(), { ...old, retiredAt: NOW }]);
    expect(ring.open("vapid", sealed)).toBe(CANARY);
    expect(ring.seal("vapid", CANARY).split(".")[1]).toBe(ring.keyId);
    expect(ring.keyId).not.toBe(was.keyId);
    expect(() => ring.open("vapid", before.seal("vapid", "x"))).toThrow(before.keyId);
  });

  test("looks for a key that it does not know, and takes what it finds", () => {
    const [one, two] = [first(), first()];
    let file: readonly RingKey[] = [one];
    const running = new Seal(file, () => file);
    file = [two, { ...one, retiredAt: NOW }];
    const elsewhere = new Seal(file).seal("vapid", CANARY);
    expect(running.open("vapid", elsewhere)).toBe(CANARY);
    expect(running.keyId).toBe(new Seal([two]).keyId);
  });

  test("the trail's key stays, signing keys do not, and a link outlives the change by its own life", () => {
    const old = first();
    const [was, is] = [new Seal([old]), new Seal([first(), { ...old, retiredAt: NOW }])];
    expect(auditKeyOf(is)).toEqual(auditKeyOf(was));
    expect(is.derive("access token")).not.toEqual(was.derive("access token"));
    const claim = { notificationId: "n", incidentId: "i", expiresAt: NOW + 99 * 86_400_000 };
    const link = new AckTokens(was).make(claim);
    const tokens = new AckTokens(is);
    expect(tokens.read(link, NOW + API_LIMITS.ackLinkMs - 1)).toMatchObject({ expired: false });
    expect(tokens.read(link, NOW + API_LIMITS.ackLinkMs)).toBeNull();
  });

  test("a file is one key, or a ring as it was written", () => {
    const ring = [first(), { ...first(), retiredAt: NOW }, { ...first(), retiredAt: NOW - 1 }];
    expect(parseKeyRing("f", writtenKeyRing(ring))).toEqual(ring);
    const phrase = "two lines of a phrase\nthat somebody chose long ago\n";
    expect(parseKeyRing("f", phrase)).toEqual([
      { material: Buffer.from(phrase.trim()), retiredAt: null },
    ]);
  });

  test.each([
    ["a line that is none", (text: string) => text.replace("key ", "kee ")],
    ["two in use", (text: string) => text.replace(/ retired \S+/, "")],
    ["none in use", (text: string) => text.replace(/\n/, "\n#\n")],
    ["no key at all", (text: string) => text.split("\n")[0] ?? ""],
  ])("%s is refused, and no key is in the words", (_what, spoil) => {
    const ring = [first(), { ...first(), retiredAt: NOW }];
    const text = spoil(writtenKeyRing(ring));
    const act = () => parseKeyRing("/the/file", text);
    expect(act).toThrow("/the/file");
    for (const { material } of ring) expect(act).not.toThrow(material.toString("base64url"));
  });
});

/** A store of sealed texts in memory that dies at a chosen call. */
class Texts implements KeyStore {
  readonly texts: SealedText[];
  readonly told: string[] = [];
  callsLeft = Number.POSITIVE_INFINITY;
  #rotatedTo: string | null = null;

  constructor(seal: Seal, count: number) {
    this.texts = Array.from({ length: count }, (_, index) => {
      const place = index === 0 ? ("secret" as const) : ("webhook" as const);
      const name = { place, id: `w${index}` };
      return { ...name, sealed: seal.seal(purposeOf(name), `${CANARY} ${index}`) };
    });
  }

  async sealed() {
    return [...this.texts];
  }

  async reseal(before: SealedText, sealed: string) {
    this.#die();
    const at = this.texts.findIndex(
      (one) => one.place === before.place && one.id === before.id && one.sealed === before.sealed,
    );
    if (at < 0) return false;
    this.texts[at] = { ...before, sealed };
    return true;
  }

  async rotatedTo() {
    return this.#rotatedTo;
  }

  async rotated(keyId: string) {
    this.#die();
    this.#rotatedTo = keyId;
    this.told.push(keyId);
  }

  #die() {
    this.callsLeft -= 1;
    if (this.callsLeft < 0) throw new Error("killed");
  }
}

describe("changing the key", () => {
  const opens = (texts: Texts, ring: readonly RingKey[]) => {
    const seal = new Seal(ring);
    return texts.texts.map((one) => seal.open(purposeOf(one), one.sealed));
  };
  const all = (count: number) => Array.from({ length: count }, (_, at) => `${CANARY} ${at}`);

  test("seals everything anew; broken off anywhere everything opens, and it goes on where it was", async () => {
    for (let calls = 0; calls <= 4; calls += 1) {
      let ring: readonly RingKey[] = [first()];
      const texts = new Texts(new Seal(ring), 3);
      const keep = async (keys: readonly RingKey[]) => {
        ring = keys;
      };
      const rotate = () => rotateKeys({ keys: ring, keep, store: texts, now: () => NOW });
      texts.callsLeft = calls;
      if (calls < 4) await expect(rotate()).rejects.toThrow("killed");
      else await rotate();
      expect(opens(texts, ring)).toEqual(all(3));
      texts.callsLeft = Number.POSITIVE_INFINITY;
      if (calls < 4) expect(await rotate()).toMatchObject({ resumed: true });
      expect(ring).toHaveLength(2);
      const { keyId } = new Seal(ring);
      expect(texts.texts.every(({ sealed }) => sealed.split(".")[1] === keyId)).toBe(true);
      expect(texts.told).toEqual([keyId]);
      // The next one is a new change, and needs none of the older keys to open what there is.
      expect(await rotate()).toMatchObject({ resumed: false, resealed: 3 });
      expect(ring).toHaveLength(3);
      expect(opens(texts, ring.slice(0, 1))).toEqual(all(3));
    }
  });

  test("before the new key is kept nothing is sealed with it", async () => {
    const ring = [first()];
    const texts = new Texts(new Seal(ring), 2);
    const before = [...texts.texts];
    const keep = () => Promise.reject(new Error("the disk is full"));
    await expect(rotateKeys({ keys: ring, keep, store: texts, now: () => NOW })).rejects.toThrow(
      "full",
    );
    expect(texts.texts).toEqual(before);
  });

  test("what cannot be opened is said before anything is changed", async () => {
    const ring = [first()];
    const texts = new Texts(new Seal([first()]), 1);
    const keep = () => Promise.reject(new Error("not reached"));
    await expect(
      rotateKeys({ keys: ring, keep, store: texts, now: () => NOW }),
    ).rejects.toMatchObject({ code: "other_key" });
  });

  test("what a running server seals with the key before meanwhile is sealed anew as well", async () => {
    let ring: readonly RingKey[] = [first()];
    const running = new Seal(ring);
    const texts = new Texts(running, 1);
    const keep = async (keys: readonly RingKey[]) => {
      ring = keys;
      const late = { place: "webhook", id: "late" } as const;
      texts.texts.push({ ...late, sealed: running.seal(purposeOf(late), "late") });
    };
    await rotateKeys({ keys: ring, keep, store: texts, now: () => NOW });
    const { keyId } = new Seal(ring);
    expect(texts.texts.map(({ sealed }) => sealed.split(".")[1])).toEqual([keyId, keyId]);
  });
});

describe("the file of the keys", () => {
  const settings = () => ({ secretFile: null, dataDir });

  test("takes the new key whole, for whom it was readable, through a link", async () => {
    const real = join(dataDir, "real");
    const secretFile = join(dataDir, "linked");
    await writeFile(real, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
    await symlink(real, secretFile);
    const { keys, seal } = await openSecret({ secretFile, dataDir });
    await replaceKeys(secretFile, [
      newRingKey(),
      ...keys.map((key) => ({ ...key, retiredAt: NOW })),
    ]);
    const after = await openSecret({ secretFile, dataDir });
    expect(after.keys).toHaveLength(2);
    expect(after.seal.open("x", seal.seal("x", CANARY))).toBe(CANARY);
    // The one that was open all the time finds the new key by itself.
    expect(seal.open("x", after.seal.seal("x", CANARY))).toBe(CANARY);
    expect((await stat(real)).mode & 0o777).toBe(0o600);
    expect((await readdir(dataDir)).sort()).toEqual(["linked", "real"]);
  });

  test("that cannot be written is said, and stays as it was", async () => {
    const { file, keys } = await openSecret(settings());
    const before = await readFile(file, "utf8");
    const many = Array.from({ length: API_LIMITS.keysKept + 1 }, newRingKey);
    await expect(replaceKeys(file, many)).rejects.toThrow("cannot be written");
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await readdir(dataDir)).toEqual(["secret.key"]);
    expect((await openSecret(settings())).keys).toEqual(keys);
    await chmod(file, 0o600);
  });

  test("is changed by one process at a time; what a dead one left is no obstacle", async () => {
    const { file } = await openSecret(settings());
    const inside = await whileLocked(file, async () => {
      await expect(whileLocked(file, async () => "both")).rejects.toThrow(`Process ${process.pid}`);
      return "one";
    });
    expect(inside).toBe("one");
    await writeFile(`${file}.lock`, "999999999");
    expect(await whileLocked(file, async () => "after it")).toBe("after it");
    expect(await readdir(dataDir)).toEqual(["secret.key"]);
  });
});
