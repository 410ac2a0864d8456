import { hash, randomBytes } from "node:crypto";

/** 256 random bits; a stolen store cannot be searched for it. */
const TOKEN_BYTES = 32;
/** 128 random bits; enough for a code that works once and for an hour. */
const CODE_BYTES = 16;

/** A bearer token or session of a person or their machine. */
export function newToken(): string {
  return `bw_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

/** A source's key: shown once, sent by producers as a bearer token. */
export function newSourceKey(): string {
  return `bws_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
}

/** A one-time sign-in code. */
export function newSignInCode(): string {
  return randomBytes(CODE_BYTES).toString("base64url");
}

const TOKEN = /^bw_[\w-]{43}$/;
const SOURCE_KEY = /^bws_[\w-]{43}$/;

/** Whether a text has the form of a token; others need no hashing. */
export function looksLikeToken(text: string): boolean {
  return TOKEN.test(text);
}

export function looksLikeSourceKey(text: string): boolean {
  return SOURCE_KEY.test(text);
}

/**
 * SHA-256, hex: what is stored and looked up.
 * A plain hash is enough because secrets are random and long: there is nothing to guess. Comparing in constant time
 * is not needed: the look-up is by hash, so its timing tells about the hash of the guess, from which no better guess follows.
 */
export function hashSecret(secret: string): string {
  return hash("sha256", secret);
}

/** Where a person opens their one-time code. Behind `#`, so that it is in no access log and no Referer. */
export function signInLink(publicUrl: string, code: string): string {
  return `${publicUrl}/#code=${code}`;
}
