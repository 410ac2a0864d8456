import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { ErrorNotice, Loading } from "../../components/Notice.tsx";
import { STATE_WORDS } from "../../components/words.ts";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { useBoardRow } from "../../live/use-live.ts";
import { runQuery } from "../../queries.ts";
import { RunAudit } from "./RunAudit.tsx";
import { RunErrors } from "./RunErrors.tsx";
import { RunHead } from "./RunHead.tsx";
import { RunIncident } from "./RunIncident.tsx";
import { RunLineage } from "./RunLineage.tsx";
import { RunNumbers } from "./RunNumbers.tsx";
import { RunParams } from "./RunParams.tsx";
import { RunRecovery } from "./RunRecovery.tsx";
import { RunStages } from "./RunStages.tsx";
import { RunWhy } from "./RunWhy.tsx";
import { useThrottledRefetch } from "./use-throttled-refetch.ts";

/** Everything known of one run; fetched again while it changes on the board. */
export function RunScreen({ executionId }: { readonly executionId: string }): ReactNode {
  const run = useQuery(runQuery(executionId));
  useThrottledRefetch(useBoardRow(`run:${executionId}`), run.refetch);
  const view = run.data;
  useEffect(() => {
    if (view !== undefined)
      document.title = `${STATE_WORDS[view.state]} ${view.jobName} · Batchwatch`;
  }, [view]);

  if (view === undefined) {
    if (!run.isError) return <Loading what="the run" />;
    return <ErrorNotice error={run.error} what="run" onRetry={() => void run.refetch()} />;
  }
  return (
    <article className="page run-page">
      <RunHead run={view} />
      <RunIncident run={view} />
      <div className="run-grid">
        <div>
          <RunWhy run={view} />
          {view.state === "stalled" && <RunRecovery run={view} />}
          <RunErrors errors={view.errors} />
          <RunStages stages={view.stages} />
          <RunAudit entries={view.audit} />
        </div>
        <div>
          <RunNumbers run={view} />
          <RunLineage lineage={view.dataLineage} />
          <RunParams params={view.params} />
        </div>
      </div>
      <ZoneNote />
    </article>
  );
}
