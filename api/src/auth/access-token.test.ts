import { generateKeyPairSync, randomBytes } from "node:crypto";
import { type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { AccessTokens } from "./access-token.ts";
import { Seal } from "./seal.ts";

const NOW = 1_800_000_000_000;
const SECOND = Math.floor(NOW / 1_000);
const seal = new Seal(randomBytes(32));
const tokens = new AccessTokens(seal, "store-1");
const KEY = seal.derive("access token");
const RSA = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const EC = generateKeyPairSync("ec", { namedCurve: "P-256" });

const OWN = randomBytes(32);

const HEADER = { alg: "HS256", typ: "at+jwt", kid: seal.keyId } as const;
const CLAIMS = {
  iss: "urn:batchwatch:store-1",
  aud: "batchwatch",
  sub: "u1",
  sid: "s1",
  jti: "t1",
  iat: SECOND,
  exp: SECOND + 300,
} as const;

function signed(
  claims: JWTPayload = CLAIMS,
  header: JWTHeaderParameters = HEADER,
  key: Parameters<SignJWT["sign"]>[0] = KEY,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

function without(claim: keyof typeof CLAIMS): JWTPayload {
  return Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
}

const half = (token: string, at: number) => token.split(".")[at] ?? "";
const text = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("access tokens", () => {
  test("what is made is read, for five minutes and the difference of clocks", async () => {
    const claims = { userId: "u1", of: "session", id: "s1" } as const;
    const { accessToken, expiresAt, tokenId } = await tokens.make(claims, NOW, NOW + 9e9);
    const read = { ...claims, tokenId, expiresAt: NOW + 300_000 };
    expect(expiresAt).toBe(new Date(NOW + 300_000).toISOString());
    expect(await tokens.read(accessToken, NOW)).toEqual(read);
    expect(await tokens.read(accessToken, NOW + 329_000)).toEqual(read);
    expect(await tokens.read(accessToken, NOW + 331_000)).toBeNull();
    // Written by hand, so that the table below differs from a good one by what it says only.
    expect(await tokens.read(await signed(), NOW)).toMatchObject({ userId: "u1", tokenId: "t1" });
  });

  test("one of ours whose time is over is told from one that never was", async () => {
    const own = await signed();
    expect(await tokens.isLapsed(own, NOW)).toBe(false);
    expect(await tokens.isLapsed(own, NOW + 331_000)).toBe(true);
    const others = [
      await signed(CLAIMS, HEADER, OWN),
      await signed({ ...CLAIMS, iss: "urn:batchwatch:store-2" }),
      await signed({ ...CLAIMS, aud: "another" }),
      "bw_no-such-token",
      "",
      "x".repeat(API_LIMITS.credentialHeaderLength + 1),
    ];
    for (const token of others) expect(await tokens.isLapsed(token, NOW + 331_000)).toBe(false);
  });

  test("no token outlives what it speaks for, and a device's is no session's", async () => {
    const made = await tokens.make({ userId: "u1", of: "device", id: "d1" }, NOW, NOW + 20_000);
    expect(await tokens.read(made.accessToken, NOW)).toMatchObject({
      of: "device",
      id: "d1",
      expiresAt: NOW + 20_000,
    });
  });

  test.each<[string, () => Promise<string> | string]>([
    ["alg none", () => new UnsecuredJWT(CLAIMS).encode()],
    [
      "alg none in our header",
      async () => `${text({ ...HEADER, alg: "none" })}.${half(await signed(), 1)}.`,
    ],
    ["no signature", async () => `${half(await signed(), 0)}.${half(await signed(), 1)}.`],
    [
      "RS256 with a key of its own",
      () => signed(CLAIMS, { ...HEADER, alg: "RS256" }, RSA.privateKey),
    ],
    [
      "HS256 with a public key that is lying about as the secret",
      () =>
        signed(CLAIMS, HEADER, Buffer.from(RSA.publicKey.export({ type: "spki", format: "pem" }))),
    ],
    ["ES256", () => signed(CLAIMS, { ...HEADER, alg: "ES256" }, EC.privateKey)],
    [
      "HS512 with our key",
      () => signed(CLAIMS, { ...HEADER, alg: "HS512" }, Buffer.concat([KEY, KEY])),
    ],
    [
      "HS384 with our key",
      () => signed(CLAIMS, { ...HEADER, alg: "HS384" }, Buffer.concat([KEY, KEY])),
    ],
    ["another secret", () => signed(CLAIMS, HEADER, randomBytes(32))],
    ["the secret of another use", () => signed(CLAIMS, HEADER, seal.derive("ack link"))],
    ["another kid", () => signed(CLAIMS, { ...HEADER, kid: "00000000" })],
    ["no kid", () => signed(CLAIMS, { alg: "HS256", typ: "at+jwt" })],
    ["kid that is a path", () => signed(CLAIMS, { ...HEADER, kid: "../../dev/null" })],
    [
      "jku and another secret",
      () => signed(CLAIMS, { ...HEADER, jku: "https://evil.example/jwks" }, randomBytes(32)),
    ],
    [
      "jwk that brings its key",
      () =>
        signed(
          CLAIMS,
          { ...HEADER, jwk: { kty: "oct", k: OWN.toString("base64url") } as never },
          OWN,
        ),
    ],
    [
      "a critical extension",
      () => `${text({ ...HEADER, crit: ["b64"], b64: false })}.${text(CLAIMS)}.x`,
    ],
    ["another type", () => signed(CLAIMS, { ...HEADER, typ: "JWT" })],
    ["no type", () => signed(CLAIMS, { alg: "HS256", kid: seal.keyId })],
    ["another issuer", () => signed({ ...CLAIMS, iss: "urn:batchwatch:store-2" })],
    ["no issuer", () => signed(without("iss"))],
    ["another audience", () => signed({ ...CLAIMS, aud: "batchwatch-admin" })],
    ["no audience", () => signed(without("aud"))],
    [
      "an ID token as access token",
      () =>
        signed(
          { ...without("sid"), aud: "client-1", nonce: "n", email: "a@b.example" },
          { alg: "HS256", typ: "JWT", kid: seal.keyId },
        ),
    ],
    ["expired", () => signed({ ...CLAIMS, iat: SECOND - 400, exp: SECOND - 100 })],
    ["without an end", () => signed(without("exp"))],
    ["made for years", () => signed({ ...CLAIMS, exp: SECOND + 9e6 })],
    ["made in the future", () => signed({ ...CLAIMS, iat: SECOND + 3_000, exp: SECOND + 3_200 })],
    ["not before tomorrow", () => signed({ ...CLAIMS, nbf: SECOND + 86_400 })],
    ["without a time", () => signed(without("iat"))],
    ["without a subject", () => signed(without("sub"))],
    ["without an id", () => signed(without("jti"))],
    ["of nothing", () => signed(without("sid"))],
    ["of a session and a device", () => signed({ ...CLAIMS, did: "d1" })],
    ["of a list of sessions", () => signed({ ...CLAIMS, sid: ["s1"] })],
    [
      "other claims under our signature",
      async () => {
        const token = await signed();
        return `${half(token, 0)}.${text({ ...CLAIMS, sub: "u2" })}.${half(token, 2)}`;
      },
    ],
    [
      "a header of another's",
      async () => {
        const token = await signed();
        return `${text({ ...HEADER, x: 1 })}.${half(token, 1)}.${half(token, 2)}`;
      },
    ],
    ["five parts", async () => `${await signed()}.x.y`],
    ["nothing", () => ""],
    ["dots", () => ".."],
    ["something very long", () => `${"a".repeat(API_LIMITS.credentialHeaderLength)}.b.c`],
  ])("%s is refused", async (_what, make) => {
    expect(await tokens.read(await make(), NOW)).toBeNull();
  });

  test("any other character breaks it", async () => {
    const token = await signed();
    for (let at = 0; at < token.length - 1; at += 3) {
      const other = token[at] === "A" ? "B" : "A";
      if (token[at] === ".") continue;
      expect(await tokens.read(token.slice(0, at) + other + token.slice(at + 1), NOW)).toBeNull();
    }
  });

  test("another store's, and one from before the keys were changed, are refused", async () => {
    const token = await signed();
    expect(await new AccessTokens(seal, "store-2").read(token, NOW)).toBeNull();
    const ring = [
      { material: randomBytes(32), retiredAt: null },
      { material: randomBytes(32), retiredAt: NOW },
    ];
    const [, before] = ring;
    const old = new AccessTokens(new Seal([{ ...before!, retiredAt: null }]), "store-1");
    const { accessToken } = await old.make(
      { userId: "u1", of: "session", id: "s1" },
      NOW,
      NOW + 9e9,
    );
    expect(await old.read(accessToken, NOW)).not.toBeNull();
    expect(await new AccessTokens(new Seal(ring), "store-1").read(accessToken, NOW)).toBeNull();
  });
});
