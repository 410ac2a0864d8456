/** Controls, and marks that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** Plain words on one line, at most so many characters; empty for anything that is no text. */
export function plainWords(value: unknown, most: number): string {
  return typeof value === "string" ? value.replaceAll(HIDDEN, " ").trim().slice(0, most) : "";
}
