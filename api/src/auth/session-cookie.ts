import { API_LIMITS } from "../options.ts";

/** `__Host-` makes a browser refuse the cookie unless it is Secure, has Path=/ and no Domain; without https it cannot be used. */
function cookieName(secure: boolean): string {
  return secure ? "__Host-batchwatch" : "batchwatch";
}

function serialise(value: string, maxAgeSeconds: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  return `${cookieName(secure)}=${value}; ${attributes}${secure ? "; Secure" : ""}`;
}

/** Value of `Set-Cookie` for a new session. `secure`: browsers reach us by https (settings `isSecure`). */
export function sessionCookie(token: string, secure: boolean): string {
  if (!/^[\w-]+$/.test(token)) throw new TypeError("A session token is letters, digits, - and _.");
  return serialise(token, API_LIMITS.sessionMs / 1_000, secure);
}

/** Value of `Set-Cookie` that ends the session in the browser. */
export function clearedSessionCookie(secure: boolean): string {
  return serialise("", 0, secure);
}

/** The session token in a `Cookie` header; null when absent, malformed or given twice (somebody else set one of them). */
export function readSessionCookie(header: string | undefined, secure: boolean): string | null {
  if (header === undefined || header.length > API_LIMITS.credentialHeaderLength) return null;
  const prefix = `${cookieName(secure)}=`;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  const [value] = values;
  if (values.length !== 1 || value === undefined || !/^[\w-]+$/.test(value)) return null;
  return value;
}
