import type { JobListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { teamName, useMe } from "./me.ts";
import { MiddleName } from "./MiddleName.tsx";
import { ClockTime } from "./times.tsx";

export function JobItemLink({ job }: { readonly job: JobListItem }): ReactNode {
  const me = useMe();
  return (
    <Link className="row job-row" href={`/jobs/${job.jobId}`} data-row>
      <span className="item-name">
        <MiddleName name={job.businessName ?? job.name} />
        <span className="secondary"> · {job.namespace}</span>
      </span>
      <span className="job-team secondary">
        {teamName(me, job.teamId)} · tier {job.tier}
      </span>
      <span className="item-time secondary">
        last seen <ClockTime at={job.lastSeenAt} />
      </span>
    </Link>
  );
}
