import { API_LIMITS } from "../options.ts";

/** A cookie of ours. Values are letters, digits, `-`, `_` and `.`. */
export interface CookieKind {
  readonly name: string;
  readonly maxAgeSeconds: number;
  /** `Lax`: also sent when another site leads here, as an identity provider does. */
  readonly sameSite: "Strict" | "Lax";
}

/** What a browser's session goes on with; looked at by `/auth/*` only. `__Host-` demands the path `/`, so it is sent everywhere and counts nowhere else. */
export const REFRESH_COOKIE: CookieKind = {
  name: "batchwatch-refresh",
  maxAgeSeconds: API_LIMITS.sessionMs / 1_000,
  sameSite: "Strict",
};

/** What is remembered of a sign-in at an identity provider while the person is there; sealed. */
export const OIDC_COOKIE: CookieKind = {
  name: "batchwatch-oidc",
  maxAgeSeconds: API_LIMITS.oidcSignInMs / 1_000,
  sameSite: "Lax",
};

/** `__Host-` makes a browser refuse the cookie unless it is Secure, has Path=/ and no Domain; without https it cannot be used. */
function nameOf({ name }: CookieKind, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

function serialise(kind: CookieKind, value: string, maxAge: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${kind.sameSite}`;
  return `${nameOf(kind, secure)}=${value}; ${attributes}${secure ? "; Secure" : ""}`;
}

/** Value of `Set-Cookie`. `secure`: browsers reach us by https (settings `isSecure`). */
export function setCookie(kind: CookieKind, value: string, secure: boolean): string {
  if (!/^[\w.-]+$/.test(value)) throw new TypeError("A cookie's value is letters, digits, - _ .");
  return serialise(kind, value, kind.maxAgeSeconds, secure);
}

/** Value of `Set-Cookie` that takes the cookie out of the browser. */
export function clearCookie(kind: CookieKind, secure: boolean): string {
  return serialise(kind, "", 0, secure);
}

/** The cookie's value in a `Cookie` header; null when absent, malformed or given twice (somebody else set one of them). */
export function readCookie(
  kind: CookieKind,
  header: string | undefined,
  secure: boolean,
): string | null {
  if (header === undefined || header.length > API_LIMITS.credentialHeaderLength) return null;
  const prefix = `${nameOf(kind, secure)}=`;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  const [value] = values;
  if (values.length !== 1 || value === undefined || !/^[\w.-]+$/.test(value)) return null;
  return value;
}
