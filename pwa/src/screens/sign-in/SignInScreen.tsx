import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { type SignInResult, signInMethods } from "../../auth.ts";
import { isPagedOnly } from "../../offline/access.ts";
import { enterElsewhere } from "../../session.ts";
import { CodeForm } from "./CodeForm.tsx";
import { PagedToYou } from "./PagedToYou.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { oidcWords } from "./sign-in-words.ts";

interface SignInScreenProps {
  readonly linkResult: SignInResult | null;
}

/** How to get in: with a password, with the organisation's own sign-in, with a printed link. */
export function SignInScreen({ linkResult }: SignInScreenProps): ReactNode {
  const methods = useQuery({
    queryKey: ["sign-in-methods"],
    queryFn: signInMethods,
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = "Signed out · Batchwatch";
  }, []);
  const [oidcProblem] = useState(takeProblem);
  const hasPassword = methods.data?.password === true;
  const oidc = methods.data?.oidc ?? null;
  const isOnly = !hasPassword && oidc === null;
  return (
    <main className="signed-out">
      <h1>Signed out</h1>
      {isPagedOnly() && <PagedToYou />}
      {methods.fetchStatus === "paused" && (
        <p className="unreachable" role="status">
          No connection. Signing in needs one; this page goes on by itself.
        </p>
      )}
      {methods.isPending && methods.fetchStatus !== "paused" && (
        <p className="secondary">Asking the server how to sign in…</p>
      )}
      {methods.isError && (
        <p className="secondary" role="status">
          The server does not say how to sign in. A sign-in link works all the same.{" "}
          <button type="button" className="button" onClick={() => void methods.refetch()}>
            Ask again
          </button>
        </p>
      )}
      {oidcProblem !== null && (
        <p className="problem" role="alert">
          {oidcWords(oidcProblem)}
        </p>
      )}
      {oidc !== null && (
        <button type="button" className="button primary" onClick={() => void enterElsewhere()}>
          Sign in with {oidc.name}
        </button>
      )}
      {hasPassword && <PasswordForm isSecond={oidc !== null} />}
      {methods.isPending && methods.fetchStatus !== "paused" ? null : isOnly ? (
        <>
          <p>Open the sign-in link that you were given, or paste it here.</p>
          <CodeForm linkResult={linkResult} isOnly />
        </>
      ) : (
        <details open={linkResult !== null}>
          <summary>I have a sign-in link</summary>
          <CodeForm linkResult={linkResult} isOnly={false} />
        </details>
      )}
    </main>
  );
}

/** What the organisation's own sign-in came back with, taken out of the address; null: it did not, or it worked. */
function takeProblem(): string | null {
  const code = /^#problem=([\w-]{1,60})$/.exec(location.hash)?.[1] ?? null;
  if (code !== null) history.replaceState(null, "", location.pathname);
  return code;
}
