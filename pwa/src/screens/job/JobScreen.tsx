import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, useEffect } from "react";
import { LazyPart } from "../../components/LazyPart.tsx";
import { mayConfigure, teamName, useMe } from "../../components/me.ts";
import { ErrorNotice, Loading } from "../../components/Notice.tsx";
import { WaitingChanges } from "../../components/WaitingChanges.tsx";
import { trendSentence } from "../../components/words.ts";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { calendarsQuery, jobQuery } from "../../queries.ts";
import { ClocksCard } from "./ClocksCard.tsx";
import { JobChanges } from "./JobChanges.tsx";
import { JobIncidents } from "./JobIncidents.tsx";
import { JobRuns } from "./JobRuns.tsx";
import { saveJob } from "./save-job.ts";
import { ScheduleCard } from "./ScheduleCard.tsx";

/** Its forms and sheets are not needed to see how the job does. */
const AboutCard = lazy(async () => ({ default: (await import("./AboutCard.tsx")).AboutCard }));

export function JobScreen({ jobId }: { readonly jobId: string }): ReactNode {
  const me = useMe();
  const query = useQuery(jobQuery(jobId));
  const calendars = useQuery(calendarsQuery());
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
        <WaitingChanges subjectId={jobId} />
        <p>{sentence === null ? learning(job.trend?.successfulRuns ?? 0) : `${sentence}.`}</p>
      </header>
      <div className="run-grid">
        <div>
          <JobIncidents jobId={jobId} />
          <JobRuns jobId={jobId} />
        </div>
        <div>
          <ScheduleCard
            settings={job.settings}
            cadence={job.cadence}
            nextExpectedAt={job.nextExpectedAt}
            proposal={job.proposal}
            calendars={calendars.data ?? []}
            mayChange={mayConfigure(me)}
            onSave={(schedule, asked) => saveJob(jobId, { schedule }, asked)}
          />
          <ClocksCard
            settings={job.settings}
            cadence={job.cadence}
            mayChange={mayConfigure(me)}
            onSave={(clocks, asked) => saveJob(jobId, { clocks }, asked)}
          />
          <LazyPart what="the rest">
            <AboutCard job={job} />
          </LazyPart>
          <JobChanges changes={job.changes} />
        </div>
      </div>
      <ZoneNote />
    </article>
  );
}

function learning(successfulRuns: number): string {
  return `Too few runs for a trend yet: ${successfulRuns} of 16 successful ones.`;
}
