import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { assert, nat, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { Seal, SealError } from "./seal.ts";

const MATERIAL = randomBytes(32);
const seal = new Seal(MATERIAL);

function codeOf(act: () => unknown): string {
  try {
    return `opened: ${String(act())}`;
  } catch (error) {
    if (error instanceof SealError) return error.code;
    throw error;
  }
}

describe("Seal", () => {
  test("what is sealed comes back, under the same key and purpose, and no two are alike", () => {
    assert(
      property(string({ unit: "binary" }), string(), (clear, purpose) => {
        const sealed = seal.seal(purpose, clear);
        expect(new Seal(MATERIAL).open(purpose, sealed)).toBe(clear);
        expect(seal.seal(purpose, clear)).not.toBe(sealed);
      }),
    );
  });

  test("another purpose does not open it", () => {
    const sealed = seal.seal("webhook:1", "secret");
    expect(codeOf(() => seal.open("webhook:2", sealed))).toBe("seal_broken");
  });

  test("another key does not open it, and says which key would", () => {
    const other = new Seal(randomBytes(32));
    const sealed = seal.seal("vapid", "secret");
    expect(codeOf(() => other.open("vapid", sealed))).toBe("other_key");
    expect(() => other.open("vapid", sealed)).toThrow(seal.keyId);
    const renamed = sealed.replace(seal.keyId, other.keyId);
    expect(codeOf(() => other.open("vapid", renamed))).toBe("seal_broken");
  });

  test("any character changed, left out or put in breaks it", () => {
    const sealed = seal.seal("vapid", "a secret of some length");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    assert(
      property(nat(sealed.length - 1), nat(alphabet.length - 1), nat(2), (at, letter, kind) => {
        const put = alphabet[letter] ?? "";
        const changed = sealed.slice(0, at) + (kind === 0 ? "" : put);
        const text = changed + sealed.slice(kind === 2 ? at : at + 1);
        if (text === sealed) return;
        expect(codeOf(() => seal.open("vapid", text))).toMatch(/^(seal_broken|other_key)$/);
      }),
      { numRuns: 500 },
    );
  });

  test.each(["", "....", "bw1", "bw1.x.y.z", "plain text", `bw1.${seal.keyId}..`])(
    "%j is no sealed text",
    (text) => {
      expect(codeOf(() => seal.open("vapid", text))).toMatch(/^(seal_broken|other_key)$/);
    },
  );

  test("the key shows neither in print nor in JSON, and derived keys differ by use", () => {
    const shown = inspect(seal, { depth: 9, showHidden: true }) + JSON.stringify(seal);
    for (const form of ["hex", "base64", "base64url"] as const) {
      expect(shown).not.toContain(MATERIAL.toString(form));
    }
    expect(seal.derive("ack").equals(seal.derive("ack"))).toBe(true);
    expect(seal.derive("ack").equals(seal.derive("seal"))).toBe(false);
  });
});
