import { randomBytes } from "node:crypto";
import { assert, nat, property, string } from "fast-check";
import { expect, test } from "vitest";
import { AckTokens } from "./ack-token.ts";
import { Seal } from "./seal.ts";

const MATERIAL = randomBytes(32);
const tokens = new AckTokens(new Seal(MATERIAL));
const claim = { notificationId: "n-1", incidentId: "i-1", expiresAt: 1_800_000_000_000 };

test("what was signed is read back, by any process with the same key, until its second comes", () => {
  assert(
    property(string({ maxLength: 100 }), string({ maxLength: 100 }), nat(), (id, incident, s) => {
      const one = { notificationId: id, incidentId: incident, expiresAt: s * 1_000 };
      const read = new AckTokens(new Seal(MATERIAL)).read(tokens.make(one), s * 1_000 - 1);
      expect(read).toEqual({ ...one, expired: false });
    }),
  );
  expect(tokens.make(claim)).toBe(tokens.make({ ...claim }));
  expect(tokens.read(tokens.make(claim), claim.expiresAt)).toMatchObject({ expired: true });
});

test("a token is safe in an address", () => {
  expect(tokens.make(claim)).toMatch(/^[\w-]+\.[\w-]{43}$/);
});

test("any other character, another key or another form is none of ours", () => {
  const token = tokens.make(claim);
  assert(
    property(nat(token.length - 1), string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      if (token[at] === letter) return;
      expect(tokens.read(token.slice(0, at) + letter + token.slice(at + 1), 0)).toBeNull();
    }),
  );
  expect(new AckTokens(new Seal(randomBytes(32))).read(token, 0)).toBeNull();
  for (const one of [
    "",
    ".",
    "..",
    `${token}.`,
    `${token}x`,
    token.slice(0, -1),
    "x".repeat(5_000),
  ]) {
    expect(tokens.read(one, 0)).toBeNull();
  }
});
