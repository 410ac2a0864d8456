import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DurationBars } from "../../charts/DurationBars.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { ErrorNotice, Loading } from "../../components/Notice.tsx";
import { RunItemLink } from "../../components/RunItemLink.tsx";
import { jobRunsQuery } from "../../queries.ts";

/** The job's runs, newest first, with the durations of the newest as bars. */
export function JobRuns({ jobId }: { readonly jobId: string }): ReactNode {
  const query = useInfiniteQuery(jobRunsQuery(jobId));
  const pages = query.data?.pages;
  if (pages === undefined) {
    if (!query.isError) return <Loading what="the runs" />;
    return <ErrorNotice error={query.error} what="job" onRetry={() => void query.refetch()} />;
  }
  const runs = pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title" className="section-title">
        Runs
      </h2>
      {runs.length === 0 ? (
        <p className="empty">No run of this job is kept.</p>
      ) : (
        <>
          <DurationBars runs={runs.slice(0, 50)} />
          <ul className="list">
            {runs.map((run) => (
              <li key={run.executionId} className="list-item">
                <RunItemLink run={run} />
              </li>
            ))}
          </ul>
          <MoreButton query={query} />
        </>
      )}
    </section>
  );
}
