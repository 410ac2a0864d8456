import { useQuery } from "@tanstack/react-query";
import type { SourceView } from "batchwatch/router";
import { type ReactNode, useEffect, useState } from "react";
import { mayRunSources, useMe } from "../../components/me.ts";
import { ErrorNotice, Loading, Notice } from "../../components/Notice.tsx";
import { Sheet } from "../../components/Sheet.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { plainName } from "../../components/format.ts";
import { queryClient, sourcesQuery } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { useChange } from "./use-change.ts";

/** Where facts come from, and whether their trouble wakes anybody. */
export function SourcesScreen(): ReactNode {
  const query = useQuery(sourcesQuery());
  useEffect(() => {
    document.title = "Sources · Batchwatch";
  }, []);
  return (
    <div className="page more">
      <h1>Sources</h1>
      {query.isPending && query.fetchStatus !== "paused" && <Loading what="the sources" />}
      {query.isPending && query.fetchStatus === "paused" && (
        <ErrorNotice error={null} what="list" />
      )}
      {query.isError && (
        <ErrorNotice error={query.error} what="list" onRetry={() => void query.refetch()} />
      )}
      {query.data?.length === 0 && (
        <Notice>No source is connected yet. Make one with the source command of the server.</Notice>
      )}
      <ul className="sources">
        {query.data?.map((source) => (
          <li key={source.sourceId} className="panel">
            <Source source={source} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Source({ source }: { readonly source: SourceView }): ReactNode {
  const me = useMe();
  const isPaging = source.pagingMode === "PAGING";
  const [isAsking, setAsking] = useState(false);
  const { change, isChanging, problem } = useChange(async () => {
    const call = isPaging ? api.sources.stopPaging : api.sources.startPaging;
    await call.mutate({ commandId: crypto.randomUUID(), sourceId: source.sourceId });
    await queryClient.invalidateQueries({ queryKey: sourcesQuery().queryKey });
  });
  const isProduction = source.environment === "PROD";
  return (
    <>
      <p className="source-name">
        <strong>{source.name}</strong>
        <span className="secondary">
          {isPaging ? (isProduction ? "Paging" : "Paging, but not production") : "Only watched"}
        </span>
      </p>
      <p className="secondary num">
        {plainName(source.contract)} · {source.environment} ·{" "}
        {source.lastSeenAt === null ? (
          "nothing heard yet"
        ) : (
          <>
            last heard <TimeAndAge at={source.lastSeenAt} />
          </>
        )}
      </p>
      {mayRunSources(me) && (
        <div>
          <button
            type="button"
            className={isPaging ? "button" : "button primary"}
            disabled={isChanging}
            onClick={() => setAsking(true)}
          >
            {isPaging ? "Stop paging" : "Start paging"}
          </button>
          <p className="problem" role="alert">
            {problem}
          </p>
        </div>
      )}
      {isAsking && (
        <Sheet
          title={isPaging ? `Stop paging for ${source.name}?` : `Start paging for ${source.name}?`}
          onClose={() => setAsking(false)}
        >
          <p>{isPaging ? STOP_WORDS : isProduction ? START_WORDS : NOT_PRODUCTION_WORDS}</p>
          <button
            type="button"
            className="button primary wide"
            onClick={() => {
              setAsking(false);
              change();
            }}
          >
            {isPaging ? "Stop paging" : "Start paging"}
          </button>
        </Sheet>
      )}
    </>
  );
}

const START_WORDS =
  "From now on a failed, missed or stalled run of this source wakes whoever is on call for its team, by night too.";
const NOT_PRODUCTION_WORDS =
  "This source is not production: incidents are made, but they wake nobody as long as it is not.";
const STOP_WORDS =
  "From now on nobody is woken for a run of this source. Its incidents are still made and shown, with this reason.";
