import { stripText } from "@batchwatch/engine";
import { loggedError, type LoggedError } from "./logged-error.ts";

type Logged = number | string | boolean | null | LoggedError;
/** Gives what is logged of a value; undefined: it is none that may be logged. */
type Reader = (value: unknown) => Logged | undefined;

const number: Reader = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
/** A code or id of ours: never a sentence, never a name that somebody chose. */
const code: Reader = (value) =>
  value === null || (typeof value === "string" && /^[\w:.-]{1,80}$/.test(value))
    ? value
    : undefined;
/** A route as it is declared: `/ack/:token`, with its parameters' names and without their values. */
const route: Reader = (value) =>
  typeof value === "string" && /^(?:none|[/\w:*.-]{1,80})$/.test(value) ? value : undefined;
/** The network of an address: `192.0.2.0/24`, `2001:db8:1::/48`. */
const network: Reader = (value) =>
  value === null || (typeof value === "string" && /^[\da-f.:]{2,43}\/(?:24|48)$/.test(value))
    ? value
    : undefined;

/**
 * Everything that a log line may hold beside its own words: numbers, codes and ids. What is not named here, or has another
 * shape, is left out and counted in `dropped`. `src/log-calls.test.ts` finds calls that name anything else.
 */
export const LOG_FIELDS: Readonly<Record<string, Reader>> = {
  /** Name, code and our own frames of an error, never its message. */
  err: loggedError,
  thread: code,
  silentMs: number,
  sourceId: code,
  position: number,
  from: number,
  to: number,
  code,
  markedTo: number,
  truncatedTo: number,
  records: number,
  removed: number,
  /** A sealed head of the audit trail, so that a log collector has it too. */
  storeId: code,
  seq: number,
  mac: code,
  at: number,
  seal: code,
  method: code,
  route,
  procedure: code,
  status: number,
  durationMs: number,
  network,
  /** Lines of this kind that were left out since the last one. */
  skipped: number,
  requestId: code,
  userId: code,
  role: code,
};

export function loggedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const logged: Record<string, unknown> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const read = Object.hasOwn(LOG_FIELDS, name) ? LOG_FIELDS[name]?.(value) : undefined;
    if (read === undefined) dropped += 1;
    else logged[name] = read;
  }
  return dropped === 0 ? logged : { ...logged, dropped };
}

const MOST_WORDS = 200;

/** The words of a line are literals in our code; this is for the day on which one is not. */
export function loggedWords(words: string): string {
  return stripText(words)
    .replaceAll(/[\n\t\u2028\u2029\u200e\u200f\u061c]/g, " ")
    .slice(0, MOST_WORDS);
}
