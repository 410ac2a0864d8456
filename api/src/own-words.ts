/** An error whose message is made of our own words, numbers, ids and codes only: such a message may stand in a log. */
export class OwnWordsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OwnWordsError";
  }
}

/** What may be said of a failure anywhere: our own words, else its code, else its kind. Never the words of others. */
export function causeOf(error: unknown): string {
  if (error instanceof OwnWordsError) return error.message;
  return codeOf(error) ?? nameOf(error);
}

/** A stable code such as `SQLITE_FULL`; null where it has none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  return typeof code === "string" && /^[\w.-]{1,60}$/.test(code) ? code : null;
}

/** Its kind, such as `RangeError`; of plain data, as an error is after crossing a thread, what it says. */
export function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  return typeof name === "string" && /^[A-Za-z]{1,60}$/.test(name) ? name : "Error";
}
