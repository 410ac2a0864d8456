/** The code in what people paste: a whole link, its `#code=…` part, or the bare code. Null when there is none. */
export function codeFrom(text: string): string | null {
  const trimmed = text.trim();
  const marked = /#code=([^&\s]+)/.exec(trimmed)?.[1];
  if (marked !== undefined) return decoded(marked);
  return trimmed !== "" && /^[^\s#/:]+$/.test(trimmed) ? trimmed : null;
}

/** Where the printed link points; only a door, not a screen. */
const SIGN_IN_PATH = "/sign-in";

/** Takes the code out of the address, so that neither history nor a shared address keeps it. */
export function takeCodeFromAddress(): string | null {
  if (!location.hash.startsWith("#code=")) return null;
  const code = codeFrom(location.hash);
  const path = location.pathname === SIGN_IN_PATH ? "/" : location.pathname;
  history.replaceState(null, "", path + location.search);
  return code;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
