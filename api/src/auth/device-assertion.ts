import type { PairedDevice } from "@batchwatch/engine";
import { decodeJwt, errors, importJWK, jwtVerify, type JWTPayload } from "jose";
import { API_LIMITS } from "../options.ts";
import { BusyError } from "./hash-slots.ts";

export interface AssertionParts {
  /** A paired device that is good. */
  readonly device: (deviceId: string, now: number) => PairedDevice | null;
  /** Whether a page of this origin is ours where this host was asked for: the key lies in one origin, and what it says is for that one. */
  readonly isOwnOrigin: (origin: string, host: string | undefined) => boolean;
}

const ALGORITHM = "ES256";

/**
 * What a paired device says of itself to get an access token while nobody is signed in on it: a JWT that it signs, `iss` and `sub` its id, `aud` the
 * page's origin, at most 60 s long, each `jti` once. Fails with `BusyError` when too many are remembered.
 */
export class DeviceAssertions {
  readonly #parts: AssertionParts;
  /** `device jti` → when it has expired. */
  readonly #used = new Map<string, number>();

  constructor(parts: AssertionParts) {
    this.#parts = parts;
  }

  /**
   * Null: it is not from a device that is good, was changed, is too old, or was used before.
   * @param host the request's Host header
   */
  async read(
    assertion: string,
    host: string | undefined,
    now: number,
  ): Promise<PairedDevice | null> {
    if (assertion.length > API_LIMITS.credentialHeaderLength) return null;
    const deviceId = issuerOf(assertion);
    const device = deviceId === null ? null : this.#parts.device(deviceId, now);
    if (device === null) return null;
    const claims = await verified(assertion, device, now);
    if (claims === null || !this.#isForUs(claims, host, now)) return null;
    return this.#isFirst(`${device.deviceId} ${claims.jti}`, claims, now) ? device : null;
  }

  #isForUs({ aud, iat, exp }: JWTPayload, host: string | undefined, now: number): boolean {
    if (typeof iat !== "number" || typeof exp !== "number") return false;
    const tolerance = API_LIMITS.clockToleranceSeconds;
    if (exp - iat > API_LIMITS.assertionSeconds || iat > now / 1_000 + tolerance) return false;
    return typeof aud === "string" && this.#parts.isOwnOrigin(aud, host);
  }

  #isFirst(key: string, { exp }: JWTPayload, now: number): boolean {
    if (this.#used.size >= API_LIMITS.assertionsRemembered) {
      for (const [used, until] of this.#used) if (until <= now) this.#used.delete(used);
    }
    if (this.#used.has(key)) return false;
    if (this.#used.size >= API_LIMITS.assertionsRemembered) throw new BusyError();
    this.#used.set(key, ((exp ?? 0) + API_LIMITS.clockToleranceSeconds) * 1_000);
    return true;
  }
}

/** Who it says it is from: only to find the key that it must be signed with. */
function issuerOf(assertion: string): string | null {
  try {
    const { iss } = decodeJwt(assertion);
    return typeof iss === "string" ? iss : null;
  } catch {
    return null;
  }
}

async function verified(
  assertion: string,
  device: PairedDevice,
  now: number,
): Promise<JWTPayload | null> {
  const key = await importJWK(JSON.parse(device.publicKey), ALGORITHM);
  try {
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: [ALGORITHM],
      issuer: device.deviceId,
      clockTolerance: API_LIMITS.clockToleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ["iat", "exp", "jti", "aud"],
    });
    const { jti } = payload;
    return typeof jti === "string" && /^[\w-]{8,64}$/.test(jti) ? payload : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
