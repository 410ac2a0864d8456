import { API_LIMITS } from "../options.ts";

/** The token of an `Authorization: Bearer …` header; null when there is none or it is malformed (RFC 6750 §2.1). */
export function bearerToken(header: string | undefined): string | null {
  if (header === undefined || header.length > API_LIMITS.credentialHeaderLength) return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1] ?? null;
}
