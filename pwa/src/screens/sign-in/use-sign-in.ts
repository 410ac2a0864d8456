import { useState } from "react";
import type { Credentials, SignInResult } from "../../auth.ts";
import { clock } from "../../live/tick-clock.ts";
import { queryClient } from "../../queries.ts";
import { enter } from "../../session.ts";
import { signInWords } from "./sign-in-words.ts";

export interface SigningIn {
  readonly isBusy: boolean;
  /** What is wrong, in words; empty when nothing is. */
  readonly problem: string;
  /** Until when the server takes no other attempt, epoch milliseconds of the clock; null: it does. */
  readonly waitUntil: number | null;
  submit(credentials: Credentials): void;
  refuse(problem: string): void;
}

const NOT_KEPT =
  "This device could not keep who is signed in; it may be full. Make room on it and try again.";

/** One attempt at a time, and what came of the last. */
export function useSignIn(before: SignInResult | null): SigningIn {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(() => signInWords(before));
  const [waitUntil, setWaitUntil] = useState<number | null>(null);
  const submit = (credentials: Credentials): void => {
    if (isBusy) return;
    setBusy(true);
    void enter(credentials)
      .then(async (result) => {
        setProblem(signInWords(result));
        const waitMs = result.kind === "refused" ? result.retryAfterMs : null;
        setWaitUntil(waitMs === null ? null : clock.now() + waitMs);
        if (result.kind === "ok") await queryClient.resetQueries();
      })
      .catch(() => setProblem(NOT_KEPT))
      .finally(() => setBusy(false));
  };
  return { isBusy, problem, waitUntil, submit, refuse: setProblem };
}
