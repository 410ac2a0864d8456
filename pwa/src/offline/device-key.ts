import type { PairedKey } from "./kept.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A fresh pair of keys. @throws TypeError where the browser has no keys to give: the page is not secure */
export async function makeKey(): Promise<Pick<PairedKey, "privateKey" | "publicKey">> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const { kty, crv, x, y } = jwk;
  return { privateKey: pair.privateKey, publicKey: JSON.stringify({ kty, crv, x, y }) };
}

/**
 * What the device shows the server instead of a session: a JWT, signed by its own key, good once and for half a minute.
 * @param now epoch milliseconds on the server's clock: a phone's own may be wrong
 */
export async function assertionOf(
  { deviceId, privateKey }: Pick<PairedKey, "deviceId" | "privateKey">,
  now: number,
): Promise<string> {
  const iat = Math.floor(now / 1_000);
  const claims = {
    iss: deviceId,
    sub: deviceId,
    aud: location.origin,
    iat,
    exp: iat + LIMITS.assertionSeconds,
    jti: crypto.randomUUID(),
  };
  const text = `${part({ alg: "ES256", typ: "JWT" })}.${part(claims)}`;
  const bytes = new TextEncoder().encode(text);
  const signature = await crypto.subtle.sign({ ...ALGORITHM, hash: "SHA-256" }, privateKey, bytes);
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

function part(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
