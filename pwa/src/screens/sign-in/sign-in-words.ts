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

const OIDC_WORDS: Readonly<Record<string, string>> = {
  oidc_unknown_user: "Nobody here belongs to that account. Ask an administrator to add you.",
  oidc_unavailable: "The other sign-in does not answer. Try again later, or use another way in.",
  oidc_failed: "The other sign-in did not work. Try again, or use another way in.",
};

/** What the organisation's own sign-in came back with. */
export function oidcWords(code: string): string {
  return OIDC_WORDS[code] ?? `The other sign-in did not work. Code ${code}.`;
}
