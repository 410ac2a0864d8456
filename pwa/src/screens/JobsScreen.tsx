import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
} from "@tanstack/react-query";
import type { JobListItem } from "batchwatch/router";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { FilterField } from "../components/FilterField.tsx";
import { JobItemLink } from "../components/JobItemLink.tsx";
import { useMe } from "../components/me.ts";
import { MoreButton } from "../components/MoreButton.tsx";
import { ErrorNotice, Loading, Notice } from "../components/Notice.tsx";
import { useTeam } from "../components/team-choice.ts";
import { jobsQuery } from "../queries.ts";

export function JobsScreen(): ReactNode {
  const [text, setText] = useState("");
  const team = useTeam(useMe());
  const search = useDeferredValue(text.trim());
  const query = useInfiniteQuery({ ...jobsQuery(search, team), placeholderData: keepPreviousData });
  useEffect(() => {
    document.title = "Jobs · Batchwatch";
  }, []);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Jobs</h1>
        <FilterField label="Search jobs by name" value={text} onChange={setText} />
      </div>
      <JobList query={query} search={search} onClear={() => setText("")} />
    </div>
  );
}

interface JobListProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly JobListItem[] }>>;
  readonly search: string;
  onClear(): void;
}

function JobList({ query, search, onClear }: JobListProps): ReactNode {
  const pages = query.data?.pages;
  if (pages === undefined) {
    if (!query.isError) return <Loading what="the jobs" />;
    return <ErrorNotice error={query.error} what="list" onRetry={() => void query.refetch()} />;
  }
  const jobs = pages.flatMap((page) => page.items);
  if (jobs.length === 0 && search !== "") {
    return (
      <Notice>
        <p>No job matches {search}.</p>
        <button type="button" className="button" onClick={onClear}>
          Clear
        </button>
      </Notice>
    );
  }
  if (jobs.length === 0)
    return <Notice>No job is known yet. Each appears with its first run.</Notice>;
  return (
    <>
      <ul className="list jobs">
        {jobs.map((job) => (
          <li key={job.jobId} className="list-item">
            <JobItemLink job={job} />
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </>
  );
}
