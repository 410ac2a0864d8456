import type { ChangeRequestView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { SecretOnce } from "../../components/SecretOnce.tsx";
import { api } from "../../trpc.ts";
import { sourceLines } from "../more/source-lines.ts";
import { useChange } from "../more/use-change.ts";

/** The new source's key or the new user's sign-in link, for who asked for it: made when it is asked for, shown once. */
export function Collect({ request }: { readonly request: ChangeRequestView }): ReactNode {
  const [secret, setSecret] = useState<string | null>(null);
  const { change, isChanging, problem } = useChange(async () => {
    const { requestId } = request;
    setSecret((await api.approvals.collect.mutate({ requestId })).secret);
  });
  const isSource = request.kind === "source-add";
  if (secret !== null) {
    return (
      <SecretOnce
        title={isSource ? "The new source’s key" : "Sign-in link"}
        words={isSource ? KEY_WORDS : LINK_WORDS}
        secret={secret}
        lines={isSource ? sourceLines(contractOf(request), secret, location.origin) : []}
        onClose={() => setSecret(null)}
      />
    );
  }
  return (
    <div>
      <button type="button" className="button primary" disabled={isChanging} onClick={change}>
        {isSource ? "Show the key, once" : "Show the sign-in link, once"}
      </button>
      <p className="problem" role="alert">
        {problem}
      </p>
    </div>
  );
}

export const KEY_WORDS =
  "Shown once: put it where the facts come from now. Nobody can show it again.";
export const LINK_WORDS =
  "Give it to the new user over a way that only they read. It works once, and nobody can show it again.";

function contractOf({ differences }: ChangeRequestView): "native" | "openlineage" {
  const contract = differences.find(({ field }) => field === "contract")?.after;
  return contract === "openlineage" ? "openlineage" : "native";
}
