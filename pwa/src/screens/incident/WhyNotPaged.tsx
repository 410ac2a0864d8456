import type { WhyNotPagedView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { UNTOLD_WORDS } from "../../components/incident-words.ts";
import { mayReadAudit, useMe } from "../../components/me.ts";
import { ErrorNotice } from "../../components/Notice.tsx";
import { api } from "../../trpc.ts";

type Answer =
  | { readonly is: "none" | "asking" }
  | { readonly is: "here"; readonly view: WhyNotPagedView }
  | { readonly is: "failed"; readonly error: unknown };

/** The one reason, as the server judges it now, and the way to what was recorded about it. */
export function WhyNotPaged({ incidentId }: { readonly incidentId: string }): ReactNode {
  const me = useMe();
  const [answer, setAnswer] = useState<Answer>({ is: "none" });
  const ask = (): void => {
    setAnswer({ is: "asking" });
    api.incidents.whyNotPaged.query({ incidentId }).then(
      (view) => setAnswer({ is: "here", view }),
      (error: unknown) => setAnswer({ is: "failed", error }),
    );
  };
  return (
    <div className="why-not">
      {answer.is !== "here" && (
        <button type="button" className="button" disabled={answer.is === "asking"} onClick={ask}>
          {answer.is === "asking" ? "Looking…" : "Why was nobody paged?"}
        </button>
      )}
      <div role="status">{answer.is === "here" && <p>{whyWords(answer.view)}</p>}</div>
      {answer.is === "failed" && <ErrorNotice error={answer.error} what="reason" onRetry={ask} />}
      {answer.is === "here" && mayReadAudit(me) && (
        <p className="buttons">
          <Link className="button" href={`/more/audit?about=incident&id=${incidentId}`}>
            In the record
          </Link>
        </p>
      )}
    </div>
  );
}

export function whyWords({ paged, reason, severity, deliveries }: WhyNotPagedView): string {
  if (paged) {
    const count = deliveries.length === 1 ? "1 message" : `${deliveries.length} messages`;
    return `Somebody was paged by now: ${count}.`;
  }
  const grave = severity === null ? "" : ` Its severity is ${severity}.`;
  if (reason === null) return `No reason is recorded: it is still being decided.${grave}`;
  return `Nobody was paged: ${UNTOLD_WORDS[reason]}.${grave}`;
}
