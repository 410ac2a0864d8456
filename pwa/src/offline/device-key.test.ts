import { expect, it } from "vitest";
import { assertionOf, makeKey } from "./device-key.ts";

const json = (text: string | undefined): unknown =>
  JSON.parse(new TextDecoder().decode(Uint8Array.from(bytesOf(text))));

function bytesOf(text = ""): readonly number[] {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Array.from(binary, (character) => character.charCodeAt(0));
}

it("signs a short assertion that the public half verifies, and whose key cannot leave", async () => {
  const { privateKey, publicKey } = await makeKey();
  expect(privateKey.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("jwk", privateKey)).rejects.toThrow(/extractable/);

  const now = Date.parse("2026-11-11T02:14:00.700Z");
  const assertion = await assertionOf({ deviceId: "d-1", privateKey }, now);
  const [header, claims, signature, ...more] = assertion.split(".");
  expect(more).toEqual([]);
  expect(assertion).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(json(header)).toEqual({ alg: "ES256", typ: "JWT" });
  const iat = Date.parse("2026-11-11T02:14:00.000Z") / 1_000;
  expect(json(claims)).toEqual({
    iss: "d-1",
    sub: "d-1",
    aud: location.origin,
    iat,
    exp: iat + 30,
    jti: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  const key = await crypto.subtle.importKey(
    "jwk",
    JSON.parse(publicKey) as JsonWebKey,
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["verify"],
  );
  const isGood = await crypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    key,
    Uint8Array.from(bytesOf(signature)),
    new TextEncoder().encode(`${header}.${claims}`),
  );
  expect(isGood).toBe(true);
  expect(JSON.parse(publicKey)).toEqual({
    kty: "EC",
    crv: "P-256",
    x: expect.any(String),
    y: expect.any(String),
  });
  expect(await assertionOf({ deviceId: "d-1", privateKey }, now)).not.toBe(assertion);
});
