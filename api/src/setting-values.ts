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

export function path(text: string): string {
  if (text.trim() === "" || text.includes("\u0000")) throw new Error("a file path");
  return text;
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
