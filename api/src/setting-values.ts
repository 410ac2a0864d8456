import { checkZone } from "@batchwatch/engine";

/** A setting that cannot be used; the message is one line for people. Exit code 2. */
export class SettingsError extends Error {
  readonly code = "bad_setting";
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}

/** Reads one value; throws an Error whose message says what would be right. */
export type Parse<T> = (text: string) => T;

export function wholeNumber(least: number, most: number): Parse<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < least || value > most) {
      throw new Error(`a whole number from ${least} to ${most}`);
    }
    return value;
  };
}

export function flag(text: string): boolean {
  const value = text.toLowerCase();
  if (value === "1" || value === "true") return true;
  if (value === "0" || value === "false") return false;
  throw new Error("1 or true, 0 or false");
}

export function word(text: string): string {
  if (!/^\S{1,500}$/.test(text)) throw new Error("text without spaces, at most 500 characters");
  return text;
}

/** A time zone by its name in the tz database. */
export function zone(text: string): string {
  try {
    checkZone(text);
  } catch {
    throw new Error("a time zone such as Europe/Paris or UTC");
  }
  return text;
}

export function path(text: string): string {
  if (text.trim() === "" || text.includes("\u0000")) throw new Error("a file path");
  return text;
}

/** One of these words, in lower or upper case. */
export function oneOf<T extends string>(words: readonly T[]): Parse<T> {
  return (text) => {
    const found = words.find((one) => one === text.toLowerCase());
    if (found === undefined) throw new Error(`one of ${words.join(", ")}`);
    return found;
  };
}

function webUrl(text: string, right: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const web = url !== null && (url.protocol === "http:" || url.protocol === "https:");
  if (!web || url.username !== "" || url.search !== "" || url.hash !== "") throw new Error(right);
  return url;
}

/** The address people open, without a slash at its end. */
export function publicUrl(text: string): string {
  const right =
    "an address such as https://batchwatch.example.com, without path, query or password";
  const url = webUrl(text, right);
  if (url.pathname !== "/") throw new Error(right);
  return url.origin;
}

/** An OpenID Connect issuer: https, or http on loopback; compared letter by letter, so kept as it is. */
export function issuer(text: string): string {
  const right = "an https address such as https://login.example.com/realms/bank, without query";
  const url = webUrl(text, right);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !isLocal) throw new Error(right);
  return text;
}

/** Comma-separated origins, each scheme://host[:port]. */
export function origins(text: string): readonly string[] {
  const right = "origins separated by commas, each such as https://wall.example.com:8443";
  const parts = text.split(",").map((part) => part.trim());
  return parts
    .filter((part) => part !== "")
    .map((part) => {
      const url = webUrl(part, right);
      if (url.pathname !== "/") throw new Error(right);
      return url.origin;
    });
}

/** `sqlite:PATH` gives PATH. Other databases have no implementation yet. */
export function databaseUrl(text: string): string {
  const scheme = /^([a-z]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "postgres" || scheme === "postgresql" || scheme === "oracle") {
    throw new Error(`sqlite:PATH; ${scheme} comes later`);
  }
  const file = text.slice("sqlite:".length);
  if (scheme !== "sqlite" || file === "" || file.includes("\u0000")) {
    throw new Error("sqlite:PATH, such as sqlite:/var/lib/batchwatch/batchwatch.db");
  }
  return file;
}

/** Channels that the documentation promises; those that this version has not are accepted and have no effect. */
const CHANNEL_NAMES = ["email", "slack", "sms", "voice", "webpush"] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** Channels joined by commas; `none` for none. Webhooks are always on: they are named and ignored here. */
export function channels(text: string): readonly ChannelName[] {
  const words = text.split(",").map((part) => part.trim().toLowerCase());
  const named = words.filter((one) => one !== "" && one !== "none" && one !== "webhook");
  return [...new Set(named)].map((one) => {
    const known = CHANNEL_NAMES.find((name) => name === one);
    if (known !== undefined) return known;
    throw new Error(`channels joined by commas, of ${CHANNEL_NAMES.join(", ")}; or none`);
  });
}

/** Hosts that may be called although they are private: `host` for every port or `host:port`, joined by commas. */
export function hosts(text: string): readonly string[] {
  const right =
    "hosts joined by commas, each such as siem.bank.example, 10.1.2.3:8443 or [::1]:9000";
  const parts = text.split(",").map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== "").map((part) => host(part, right)))];
}

function host(text: string, right: string): string {
  const [, name, port] = /^(\[[\da-f:.]+\]|[^\s/:@?#\\*[\]]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const url = `http://${name}/`;
  if (name === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw new Error(right);
  }
  // In the form that addresses are compared in: lower case, punycode, numbers as dotted quads.
  const hostname = URL.canParse(url) ? new URL(url).hostname : "";
  if (hostname === "" || hostname.endsWith(".")) throw new Error(right);
  return port === undefined ? hostname : `${hostname}:${Number(port)}`;
}

/** Where a push service reaches whoever runs this: Apple refuses addresses that nobody could have. */
export function pushSubject(text: string): string {
  if (isPushSubject(text)) return text;
  throw new Error(
    "mailto:somebody@your-domain or an https address, of a domain that others can resolve",
  );
}

const NOWHERE = /(^|\.)(localhost|local|invalid|internal|test|lan|home|arpa)$/;

/** Whether a push service that is strict about it takes this for a contact (RFC 8292 §2.1). */
export function isPushSubject(text: string): boolean {
  const mailDomain = /^mailto:[^\s@]+@([^\s@]+)$/.exec(text)?.[1];
  const url = URL.canParse(text) && text.startsWith("https://") ? new URL(text) : null;
  const domain = (mailDomain ?? url?.hostname ?? "").toLowerCase();
  if (url !== null && (url.username !== "" || url.password !== "")) return false;
  return /^([a-z\d_-]+\.)+[a-z][a-z\d-]+$/.test(domain) && !NOWHERE.test(domain);
}
