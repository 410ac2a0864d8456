import { createHmac, randomBytes } from "node:crypto";
import type { Seal } from "./seal.ts";

const FORM = /^bwr_[\w-]{43}$/;
const TOKEN_BYTES = 32;

/** What a session begins with. */
export function newRefreshToken(): string {
  return `bwr_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

export function looksLikeRefreshToken(text: string): boolean {
  return FORM.test(text);
}

/**
 * What follows a refresh token: always the same, so that an answer that was lost can be given again although only hashes are kept. Nobody without
 * the secret file can tell it.
 */
export function nextRefreshToken(seal: Seal, token: string): string {
  return `bwr_${createHmac("sha256", seal.derive("refresh token")).update(token).digest("base64url")}`;
}
