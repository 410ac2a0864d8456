import { type MaskSpan, SECRET_MASK } from "./mask-kind.ts";

const BEFORE_SLASH = /[^\s"'/]*/y;
/** As above, but a single slash may be part of a password. */
const BEFORE_TWO_SLASHES = /(?:[^\s"'/]|\/(?!\/))*/y;
const PORT = /^\d*$/;
/** Oracle's form: `jdbc:oracle:thin:user/password@host`. */
const ORACLE = /jdbc:oracle:(?:thin|oci8?):[^\s"'/@]*\/([^\s"'@/]+)(?=@)/dgi;

/** Passwords of `scheme://user:password@host` and of Oracle's connection text; the user's name stays. */
export function userInfoSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
    const span = passwordSpan(text, at + 3);
    if (span !== null) spans.push(span);
  }
  for (const found of text.matchAll(ORACLE)) {
    const [from, to] = found.indices?.[1] ?? [0, 0];
    if (to > from) spans.push({ from, to, kind: "secret", by: SECRET_MASK });
  }
  return spans.sort((a, b) => a.from - b.from);
}

function passwordSpan(text: string, from: number): MaskSpan | null {
  let authority = match(BEFORE_SLASH, text, from);
  const colon = authority.indexOf(":");
  if (colon === -1) return null;
  if (!authority.includes("@")) {
    // `host:8080/…` has a port; anything else after the colon is a password that holds a slash.
    if (PORT.test(authority.slice(colon + 1))) return null;
    authority = match(BEFORE_TWO_SLASHES, text, from);
  }
  const end = authority.lastIndexOf("@");
  if (end <= colon + 1) return null;
  return { from: from + colon + 1, to: from + end, kind: "secret", by: SECRET_MASK };
}

function match(sticky: RegExp, text: string, from: number): string {
  sticky.lastIndex = from;
  return sticky.exec(text)?.[0] ?? "";
}
