import { fileURLToPath } from "node:url";
import { codeOf, nameOf, OwnWordsError } from "./own-words.ts";
import { PACKAGE_ROOT } from "./package-root.ts";

/** What a log says of an error: enough to find the line, and nothing that somebody else wrote. */
export interface LoggedError {
  readonly name: string;
  readonly code: string | null;
  /** Only where they are ours. */
  readonly words?: string;
  /** Our own frames, innermost first: `api/bundle/main.js:12:3`. */
  readonly at: readonly string[];
  readonly causes?: readonly LoggedCause[];
}

type LoggedCause = Pick<LoggedError, "name" | "code" | "at">;

/** The checkout, where all packages lie. */
const ROOT = fileURLToPath(new URL("../", PACKAGE_ROOT));
const FRAMES = 8;
const CAUSES = 3;
const PLACE = /^([^\s()]+):(\d{1,7}):(\d{1,7})$/;
const OWN_FILE = /^(?:engine|db|api|bench)\/(?:src|dist|bundle)\/[\w./-]{1,120}\.[jt]s$/;
const OWN_FRAME =
  /^(?:engine|db|api|bench)\/(?:src|dist|bundle)\/[\w./-]{1,120}\.[jt]s:\d{1,7}:\d{1,7}$/;

/** Never its message: that may hold what a job sent. */
export function loggedError(error: unknown): LoggedError {
  const causes = causesOf(error);
  return {
    name: nameOf(error),
    code: codeOf(error),
    ...(error instanceof OwnWordsError && { words: error.message }),
    at: error instanceof Error ? ownFrames(error) : [],
    ...(causes.length > 0 && { causes }),
  };
}

function causesOf(error: unknown): readonly LoggedCause[] {
  const causes: LoggedCause[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && cause !== null && causes.length < CAUSES) {
    causes.push({ name: nameOf(cause), code: codeOf(cause), at: framesOf(cause) });
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** A cause that crossed a thread is a `LoggedError` already; it is read as carefully as any other. */
function framesOf(cause: unknown): readonly string[] {
  if (cause instanceof Error) return ownFrames(cause);
  const { at } = cause as { readonly at?: unknown };
  if (!Array.isArray(at)) return [];
  const frames = at.filter((one) => typeof one === "string" && OWN_FRAME.test(one));
  return frames.slice(0, FRAMES) as string[];
}

/** The message stands before the frames and may look like one, so it is cut off first. */
function ownFrames({ stack = "", message }: Error): readonly string[] {
  const after = message === "" ? 0 : stack.lastIndexOf(message);
  const lines = stack.slice(after < 0 ? 0 : after + message.length).split("\n");
  const frames: string[] = [];
  for (const line of lines) {
    const [, file = "", row = "", column = ""] = PLACE.exec(placeIn(line)) ?? [];
    const path = ownPath(file);
    if (path !== null && frames.length < FRAMES) frames.push(`${path}:${row}:${column}`);
  }
  return frames;
}

/** `file:line:column` of a frame: its last word, with or without brackets around it; "" where the line is none. */
function placeIn(line: string): string {
  const frame = line.trim();
  if (!frame.startsWith("at ")) return "";
  const bare = frame.endsWith(")") ? frame.slice(0, -1) : frame;
  return bare.slice(Math.max(bare.lastIndexOf("("), bare.lastIndexOf(" ")) + 1);
}

function ownPath(file: string): string | null {
  const path = file.startsWith("file://") && URL.canParse(file) ? fileURLToPath(file) : file;
  if (!path.startsWith(ROOT)) return null;
  const own = path.slice(ROOT.length).replaceAll("\\", "/");
  return OWN_FILE.test(own) ? own : null;
}
