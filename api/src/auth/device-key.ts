import { createPublicKey } from "node:crypto";

/** The public half of a device's key, in one form; null: it is no ECDSA P-256 public key. */
export function canonicalDeviceKey(text: string): string | null {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof jwk !== "object" || jwk === null || Array.isArray(jwk)) return null;
  const { kty, crv, x, y, d } = jwk as Readonly<Record<string, unknown>>;
  // A private half has no business here, and whoever sends it has none that is private.
  if (kty !== "EC" || crv !== "P-256" || d !== undefined) return null;
  if (!isCoordinate(x) || !isCoordinate(y)) return null;
  const key = { kty, crv, x, y } as const;
  try {
    // Refuses what is not on the curve.
    createPublicKey({ key, format: "jwk" });
  } catch {
    return null;
  }
  return JSON.stringify(key);
}

/** 32 bytes in base64url. */
function isCoordinate(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}
