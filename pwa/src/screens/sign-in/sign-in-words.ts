import type { SignInResult } from "../../auth.ts";

const REFUSAL_WORDS: Readonly<Record<string, string>> = {
  invalid_code:
    "This code was used already or has expired. Ask an administrator for a new link, or start the server again.",
  // Never which of the two it was.
  invalid_password: "Name and password do not belong together.",
  too_many_attempts: "Too many attempts.",
  busy: "The server is busy with other sign-ins. Nothing is wrong with yours: try again.",
};

/** What happened, and what to do; empty when it worked. */
export function signInWords(result: SignInResult | null): string {
  if (result === null || result.kind === "ok") return "";
  if (result.kind === "network") return "The server did not answer. Nothing is used up: try again.";
  return REFUSAL_WORDS[result.code] ?? `The server refused. Code ${result.code}.`;
}

/** What the organisation's own sign-in came back with, in the address. */
export function oidcWords(code: string): string {
  if (code === "unknown_user") {
    return "Nobody here belongs to that account. Ask an administrator to add you.";
  }
  return `The other sign-in did not work. Try again, or sign in here. Code ${code}.`;
}
