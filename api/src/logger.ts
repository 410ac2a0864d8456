import { type DestinationStream, pino } from "pino";
import { loggedFields, loggedWords } from "./log-fields.ts";
import type { LogLevel } from "./log-level.ts";

/** Fields first, then our own words: a literal, without anything in it that varies. */
type Say = (fields: Readonly<Record<string, unknown>>, words: string) => void;

/** The slice of pino that we call. */
export type Logger = Readonly<Record<"info" | "warn" | "error" | "fatal", Say>>;

/** The second net, below `log-fields.ts`: names that never hold anything fit for a log, at any depth that we write. */
const SECRET_NAMES = [
  "authorization",
  "cookie",
  "token",
  "accessToken",
  "refreshToken",
  "password",
  "secret",
  "key",
  "email",
  "message",
  "body",
  "url",
];
const REDACTED = SECRET_NAMES.flatMap((name) => [name, `*.${name}`]);

/**
 * JSON lines on standard error. What a line may hold is decided in `log-fields.ts` alone: a job's text, a person's name
 * or a secret is in none, whatever a caller hands over.
 */
export function makeLogger(level: LogLevel = "info", destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: REDACTED, censor: "[redacted]" },
      formatters: { log: loggedFields },
      hooks: {
        logMethod([fields, words], method) {
          method.apply(this, [fields, loggedWords(typeof words === "string" ? words : "")]);
        },
      },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
