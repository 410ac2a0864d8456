import { acceptSignIn, type AuthAnswer, codeOf, forgetAccess, postAuth } from "./offline/access.ts";

/** How somebody gets in: the code of a printed link, or a name and a password. */
export type Credentials =
  | { readonly code: string }
  | { readonly name: string; readonly password: string };

/** What signing in came to; codes have their words in `screens/sign-in/sign-in-words.ts`. */
export type SignInResult =
  | { readonly kind: "ok" }
  /** `invalid_code`, `invalid_password`, `too_many_attempts`, `busy`, … */
  | { readonly kind: "refused"; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly kind: "network" };

export async function signIn(credentials: Credentials): Promise<SignInResult> {
  const answer = await postAuth("sign-in", credentials);
  if (acceptSignIn(answer)) return { kind: "ok" };
  const code = codeOf(answer);
  if (code === "" || answer.status < 400) return { kind: "network" };
  return { kind: "refused", code, retryAfterMs: answer.retryAfterMs };
}

/**
 * False when the server could not be told; the session then still exists.
 * @param endpoint this browser's push subscription, which ends with it; null: it has none
 */
export async function signOut(endpoint: string | null): Promise<boolean> {
  const answer = await postAuth("sign-out", endpoint === null ? {} : { endpoint });
  if (!isDone(answer)) return false;
  forgetAccess();
  return true;
}

/** A session that has ended by itself is signed out, too. */
function isDone({ status }: AuthAnswer): boolean {
  return (status >= 200 && status < 300) || status === 401;
}

/** Ways in that this server has, besides a link. */
export interface SignInMethods {
  readonly password: boolean;
  /** The organisation's own sign-in, by its name; null: there is none. */
  readonly oidc: { readonly name: string } | null;
}

/** @throws TypeError when the server does not say */
export async function signInMethods(): Promise<SignInMethods> {
  const response = await fetch("/auth/methods", { cache: "no-store" });
  if (!response.ok) throw new TypeError(`/auth/methods: ${response.status}`);
  return (await response.json()) as SignInMethods;
}

/** Where the organisation's own sign-in begins; a whole new page, not a call. */
export const OIDC_START = "/auth/oidc/start";
