import type { ForeignJobView } from "batchwatch/router";
import type { ReactNode } from "react";
import { StateMark } from "./StateChip.tsx";
import { ClockTime } from "./times.tsx";

/** Other teams' jobs in a chain: how each stands and who has it. There is nothing of them to open. */
export function ForeignJobRows({ jobs }: { readonly jobs: readonly ForeignJobView[] }): ReactNode {
  if (jobs.length === 0) return null;
  return (
    <ul className="panel members" aria-label="Other teams' jobs">
      {jobs.map((job, place) => (
        // Two may look the same in all that is known of them.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={place} className={`s-${job.state}`}>
          <p className="member-head">
            <StateMark state={job.state} />
            {job.etaAt !== null && (
              <span className="secondary">
                ends about <ClockTime at={job.etaAt} />
              </span>
            )}
          </p>
          <p>{job.name}</p>
          <p className="secondary">
            {job.teamName}
            {job.onCall !== null && ` · on call: ${job.onCall}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
