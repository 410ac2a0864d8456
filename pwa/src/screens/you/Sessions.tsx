import { useQuery } from "@tanstack/react-query";
import type { SessionView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { formatMoment } from "../../components/format.ts";
import { QueryState } from "../../components/QueryState.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { queryClient } from "../../queries.ts";
import { leaveEverywhere } from "../../session.ts";
import { api } from "../../trpc.ts";
import { sessionsQuery } from "../../trust-queries.ts";
import { useChange } from "../more/use-change.ts";

const METHOD_WORDS: Readonly<Record<SessionView["method"], string>> = {
  code: "by link",
  password: "by password",
  oidc: "by your organisation",
};

/** Every browser that I am signed in with, and the way out of each. */
export function Sessions(): ReactNode {
  const query = useQuery(sessionsQuery());
  const [isLeaving, setLeaving] = useState(false);
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title" className="section-title">
        Signed in
      </h2>
      <QueryState query={query} loading="where you are signed in" what="list" />
      {query.data?.length === 0 && (
        <p className="empty">No browser: you are here by a token of the command line.</p>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className="panel devices">
          {query.data.map((session) => (
            <li key={session.sessionId}>
              <Session session={session} />
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="button after-panel" onClick={() => setLeaving(true)}>
        Sign out everywhere…
      </button>
      {isLeaving && <EverywhereSheet onClose={() => setLeaving(false)} />}
    </section>
  );
}

function Session({ session }: { readonly session: SessionView }): ReactNode {
  const { sessionId, label, method, createdAt, lastUsedAt, expiresAt, isThis } = session;
  const { change, isChanging, problem } = useChange(async () => {
    await api.me.endSession.mutate({ sessionId });
    await queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
  });
  return (
    <>
      <span className="source-name">
        <span className="words">{label}</span>
        {isThis && <b>This browser</b>}
      </span>
      <span className="secondary num">
        {METHOD_WORDS[method]}, <TimeAndAge at={createdAt} /> · last used{" "}
        <TimeAndAge at={lastUsedAt} /> · ends {formatMoment(Date.parse(expiresAt))}
      </span>
      {!isThis && (
        <span>
          <button
            type="button"
            className="button"
            disabled={isChanging}
            aria-label={`End the session of ${label}`}
            onClick={change}
          >
            End it
          </button>
        </span>
      )}
      {problem !== null && (
        <span className="problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

function EverywhereSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [is, setIs] = useState<"asking" | "busy" | "failed">("asking");
  const go = async (): Promise<void> => {
    setIs("busy");
    // Where it works, this screen is gone.
    if (!(await leaveEverywhere())) setIs("failed");
  };
  return (
    <Sheet title="Sign out everywhere?" onClose={onClose}>
      <p>
        Every browser you are signed in with is signed out within a second, this one included, and
        this device wakes you no more.
      </p>
      <p className="problem" role="alert">
        {is === "failed" && "The server could not be told. You are still signed in."}
      </p>
      <button
        type="button"
        className="button primary wide"
        disabled={is === "busy"}
        onClick={() => void go()}
      >
        Sign out everywhere
      </button>
    </Sheet>
  );
}
