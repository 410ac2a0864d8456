import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { Facts } from "../../components/Facts.tsx";
import { teamName, useMe } from "../../components/me.ts";
import { ErrorNotice, Loading } from "../../components/Notice.tsx";
import { trendSentence } from "../../components/words.ts";
import { jobQuery } from "../../queries.ts";
import { jobFacts } from "./job-facts.ts";
import { JobRuns } from "./JobRuns.tsx";

export function JobScreen({ jobId }: { readonly jobId: string }): ReactNode {
  const me = useMe();
  const query = useQuery(jobQuery(jobId));
  const job = query.data;
  useEffect(() => {
    if (job !== undefined) document.title = `${job.name} · Batchwatch`;
  }, [job]);
  if (job === undefined) {
    if (!query.isError) return <Loading what="the job" />;
    return <ErrorNotice error={query.error} what="job" onRetry={() => void query.refetch()} />;
  }
  const sentence = job.trend === null ? null : trendSentence(job.trend);
  return (
    <article className="page">
      <header className="run-head">
        <h1>{job.businessName ?? job.name}</h1>
        <p className="secondary">
          {teamName(me, job.teamId)} · tier {job.tier} · {job.namespace}
        </p>
        <p>{sentence === null ? learning(job.trend?.successfulRuns ?? 0) : `${sentence}.`}</p>
      </header>
      <div className="run-grid">
        <div>
          <JobRuns jobId={jobId} />
        </div>
        <div>
          <Facts title="Job" facts={jobFacts(job)} empty="" />
          {job.runbookUrl !== null && (
            <p>
              <a href={job.runbookUrl} rel="noreferrer" target="_blank">
                Runbook
              </a>
            </p>
          )}
        </div>
      </div>
    </article>
  );
}

function learning(successfulRuns: number): string {
  return `Too few runs for a trend yet: ${successfulRuns} of 16 successful ones.`;
}
