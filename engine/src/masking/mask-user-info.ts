import { type MaskSpan, SECRET_MASK } from "./mask-kind.ts";
import { inOrder } from "./spans.ts";

const BEFORE_SLASH = /[^\s"'/]*/y;
/** As above, but a single slash may be part of a password. */
const BEFORE_TWO_SLASHES = /(?:[^\s"'/]|\/(?!\/))*/y;
const PORT = /^\d*$/;
/** Longest user, password and rest of a line that Oracle's form is looked for in, characters. */
const NAME_LENGTH = 64;
const LINE_LENGTH = 120;
const ORACLE_USER = /(?:^|[^\w$#.@/-])(\w[\w$#.-]*)$/;
/** `@//host`, `@host:1521`: what no path and no version looks like. */
const ORACLE_HOST = /^(?:\/\/[\w.-]|[\w.-]{1,80}:\d{2,5}(?!\w))/;
/** `@ORCL` alone counts after a program or an option that takes such a text. */
const ORACLE_TOOL =
  /(?:\b(?:sqlplus|sqlldr|expdp|impdp|exp|imp|rman|connect|conn|logon|target|userid)\b|jdbc:oracle:(?:thin|oci8?):)/i;

/** Passwords of `scheme://user:password@host` and of Oracle's `user/password@host`; the user's name stays. */
export function userInfoSpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
    const span = passwordSpan(text, at + 3);
    if (span !== null) spans.push(span);
  }
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const span = oracleSpan(text, at);
    if (span !== null) spans.push(span);
  }
  return inOrder(spans);
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

function oracleSpan(text: string, at: number): MaskSpan | null {
  const slash = text.lastIndexOf("/", at);
  if (slash === -1 || slash + 1 === at || at - slash > NAME_LENGTH) return null;
  if (/[\s"']/.test(text.slice(slash, at))) return null;
  const line = text.slice(Math.max(0, slash - LINE_LENGTH), slash);
  const user = ORACLE_USER.exec(line.slice(-NAME_LENGTH));
  if (user === null) return null;
  const before = line.slice(line.lastIndexOf("\n") + 1, line.length - (user[1]?.length ?? 0));
  const toHost = ORACLE_HOST.test(text.slice(at + 1, at + 1 + LINE_LENGTH));
  if (!toHost && !(ORACLE_TOOL.test(before) && /\w/.test(text.charAt(at + 1)))) return null;
  return { from: slash + 1, to: at, kind: "secret", by: SECRET_MASK };
}

function match(sticky: RegExp, text: string, from: number): string {
  sticky.lastIndex = from;
  return sticky.exec(text)?.[0] ?? "";
}
