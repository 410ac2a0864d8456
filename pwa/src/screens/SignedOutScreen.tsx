import { type ReactNode, useState } from "react";
import { queryClient } from "../queries.ts";
import { enter } from "../session.ts";
import { codeFrom } from "../sign-in-code.ts";
import type { SignInResult } from "../trpc.ts";

const RESULT_WORDS: Readonly<Record<SignInResult, string>> = {
  ok: "",
  invalid_code: "This code was used already or has expired. Start the server again for a new link.",
  network: "The server did not answer. The code is still good: try again.",
};

/** How to get in: the printed link, or its code pasted here. */
export function SignedOutScreen({
  linkResult,
}: {
  readonly linkResult: SignInResult | null;
}): ReactNode {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState(linkResult === null ? "" : RESULT_WORDS[linkResult]);
  const submit = async (): Promise<void> => {
    const code = codeFrom(text);
    if (code === null) {
      setProblem("That is neither a sign-in link nor a code.");
      return;
    }
    const result = await enter(code);
    setProblem(RESULT_WORDS[result]);
    if (result === "ok") await queryClient.resetQueries();
  };
  return (
    <main className="signed-out">
      <h1>Signed out</h1>
      <p>Open the sign-in link that the server printed, or paste its code here.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
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
        <button type="submit" className="button primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
