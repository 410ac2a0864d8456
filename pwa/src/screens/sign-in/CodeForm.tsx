import { type ReactNode, useState } from "react";
import type { SignInResult } from "../../auth.ts";
import { codeFrom } from "../../sign-in-code.ts";
import { Countdown, useSecondsLeft } from "./Countdown.tsx";
import { useSignIn } from "./use-sign-in.ts";

interface CodeFormProps {
  /** What came of the link that opened this page; null: none did. */
  readonly linkResult: SignInResult | null;
  /** Nothing else to sign in with stands on the page. */
  readonly isOnly: boolean;
}

/** The printed link, or its code pasted here. */
export function CodeForm({ linkResult, isOnly }: CodeFormProps): ReactNode {
  const [text, setText] = useState("");
  const { isBusy, problem, waitUntil, submit, refuse } = useSignIn(linkResult);
  const secondsLeft = useSecondsLeft(waitUntil);
  return (
    <form
      aria-label="Sign-in link"
      onSubmit={(event) => {
        event.preventDefault();
        const code = codeFrom(text);
        if (code === null) refuse("That is neither a sign-in link nor a code.");
        else submit({ code });
      }}
    >
      <label htmlFor="code">Sign-in link or code</label>
      <input
        id="code"
        className="field"
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        value={text}
        aria-describedby="code-problem"
        onChange={(event) => setText(event.target.value)}
      />
      <p id="code-problem" className="problem" role="alert">
        {problem}
      </p>
      <Countdown seconds={secondsLeft} />
      <button
        type="submit"
        className={isOnly ? "button primary" : "button"}
        disabled={isBusy || secondsLeft > 0}
      >
        {isOnly ? "Sign in" : "Sign in with the link"}
      </button>
    </form>
  );
}
