import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import type { PairedDevice } from "@batchwatch/engine";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { canonicalDeviceKey } from "./device-key.ts";
import { DeviceAssertions } from "./device-assertion.ts";
import { BusyError } from "./hash-slots.ts";

/** Assertions under way together where one wants many. */
const AT_ONCE = 100;
const NOW = 1_800_000_000_000;
const SECOND = NOW / 1_000;
const ORIGIN = "https://batch.example";
const HOST = "batch.example";
const PAIR = generateKeyPairSync("ec", { namedCurve: "P-256" });
const OTHER = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = (key: KeyObject) => JSON.stringify(key.export({ format: "jwk" }));

const DEVICE: PairedDevice = {
  deviceId: "d1",
  userId: "u1",
  publicKey: canonicalDeviceKey(jwk(PAIR.publicKey)) ?? "",
  label: "Chrome on Android",
  pairedAt: NOW - 1_000,
  lastUsedAt: null,
  goodUntil: NOW + 1_000_000,
};

function assertions(known: readonly PairedDevice[] = [DEVICE]): DeviceAssertions {
  return new DeviceAssertions({
    device: (id, now) => known.find((one) => one.deviceId === id && one.goodUntil > now) ?? null,
    isOwnOrigin: (origin, host) => origin === ORIGIN && host === HOST,
  });
}

const CLAIMS = {
  iss: "d1",
  aud: ORIGIN,
  jti: "assertion-1",
  iat: SECOND,
  exp: SECOND + 60,
} as const;

function signed(
  claims: JWTPayload = CLAIMS,
  header: JWTHeaderParameters = { alg: "ES256" },
  key: Parameters<SignJWT["sign"]>[0] = PAIR.privateKey,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

function without(claim: keyof typeof CLAIMS): JWTPayload {
  return Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
}

describe("what a paired device says of itself", () => {
  test("is believed once", async () => {
    const all = assertions();
    const assertion = await signed();
    expect(await all.read(assertion, HOST, NOW)).toBe(DEVICE);
    expect(await all.read(assertion, HOST, NOW)).toBeNull();
    expect(await all.read(await signed(), HOST, NOW)).toBeNull();
    expect(await all.read(await signed({ ...CLAIMS, jti: "assertion-2" }), HOST, NOW)).toBe(DEVICE);
    // As long as it would be good it is remembered, and after that it is too old.
    expect(await all.read(assertion, HOST, NOW + 89_000)).toBeNull();
    expect(await all.read(assertion, HOST, NOW + 91_000)).toBeNull();
  });

  test.each<[string, () => Promise<string> | string]>([
    ["of a device that is not there", () => signed({ ...CLAIMS, iss: "d2" })],
    ["signed with another key", () => signed(CLAIMS, { alg: "ES256" }, OTHER.privateKey)],
    [
      "HS256 with the public key as the secret",
      () => signed(CLAIMS, { alg: "HS256" }, Buffer.from(DEVICE.publicKey)),
    ],
    [
      "that brings its key",
      () =>
        signed(
          CLAIMS,
          { alg: "ES256", jwk: OTHER.publicKey.export({ format: "jwk" }) },
          OTHER.privateKey,
        ),
    ],
    ["for another origin", () => signed({ ...CLAIMS, aud: "https://evil.example" })],
    ["for several", () => signed({ ...CLAIMS, aud: [ORIGIN, "https://evil.example"] })],
    ["for nobody", () => signed(without("aud"))],
    ["too long", () => signed({ ...CLAIMS, exp: SECOND + API_LIMITS.assertionSeconds + 1 })],
    ["without an end", () => signed(without("exp"))],
    ["without a time", () => signed(without("iat"))],
    ["from the future", () => signed({ ...CLAIMS, iat: SECOND + 40, exp: SECOND + 80 })],
    ["expired", () => signed({ ...CLAIMS, iat: SECOND - 100, exp: SECOND - 40 })],
    ["without an id", () => signed(without("jti"))],
    ["with an id that is a book", () => signed({ ...CLAIMS, jti: "x".repeat(65) })],
    ["of nobody", () => signed(without("iss"))],
    ["that is none", () => "x.y.z"],
    ["that is empty", () => ""],
    ["that is huge", () => "x".repeat(50_000)],
  ])("is not believed: %s", async (_what, make) => {
    expect(await assertions().read(await make(), HOST, NOW)).toBeNull();
  });

  test("is not believed after the last sign-in on it is too long ago", async () => {
    const all = assertions([{ ...DEVICE, goodUntil: NOW }]);
    expect(await all.read(await signed(), HOST, NOW)).toBeNull();
  });

  test("what is remembered is bounded: with too many the answer is to wait, and old ones go", async () => {
    const all = assertions();
    const take = async (count: number) =>
      all.read(await signed({ ...CLAIMS, jti: `fill-up-${count}` }), HOST, NOW);
    // Signing and verifying are other threads' work, which one at a time leaves idle.
    for (let count = 0; count < API_LIMITS.assertionsRemembered; count += AT_ONCE) {
      const least = Math.min(AT_ONCE, API_LIMITS.assertionsRemembered - count);
      const taken = await Promise.all(Array.from({ length: least }, (_, one) => take(count + one)));
      expect(taken.every((device) => device === DEVICE)).toBe(true);
    }
    const more = { ...CLAIMS, jti: "one-more" };
    await expect(all.read(await signed(more), HOST, NOW)).rejects.toThrow(BusyError);
    const later = { ...more, iat: SECOND + 200, exp: SECOND + 230 };
    expect(await all.read(await signed(later), HOST, NOW + 200_000)).toBe(DEVICE);
  }, 60_000);
});

describe("a device's key", () => {
  test("has one form, whatever is sent beside it", () => {
    const { kty, crv, x, y } = PAIR.publicKey.export({ format: "jwk" });
    expect(
      canonicalDeviceKey(JSON.stringify({ y, x, key_ops: ["verify"], ext: true, crv, kty })),
    ).toBe(DEVICE.publicKey);
  });

  test.each([
    ["a private half", jwk(PAIR.privateKey)],
    ["another curve", jwk(generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey)],
    ["RSA", jwk(generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey)],
    ["a secret", JSON.stringify({ kty: "oct", k: "AAAA" })],
    [
      "a point that is not on the curve",
      JSON.stringify({ ...JSON.parse(DEVICE.publicKey), x: randomBytes(32).toString("base64url") }),
    ],
    ["a list", "[]"],
    ["null", "null"],
    ["no JSON", "{"],
  ])("%s is none", (_what, text) => {
    expect(canonicalDeviceKey(text)).toBeNull();
  });
});
