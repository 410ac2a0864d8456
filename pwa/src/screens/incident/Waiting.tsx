import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ForeignJobRows } from "../../components/ForeignJobRows.tsx";

/** Jobs that read what this one writes. */
export function Waiting({
  incident: { waiting, foreignWaiting },
}: {
  readonly incident: Pick<IncidentView, "waiting" | "foreignWaiting">;
}): ReactNode {
  const count = waiting.length + foreignWaiting.length;
  return (
    <section aria-labelledby="waiting-title">
      <h2 id="waiting-title" className="section-title">
        What waits <span className="num">{count}</span>
      </h2>
      {count === 0 && <p className="empty">No job is known to read what this one writes.</p>}
      {waiting.length > 0 && (
        <ul className="panel links">
          {waiting.map(({ jobId, name }) => (
            <li key={jobId}>
              <Link href={`/jobs/${jobId}`}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
      <ForeignJobRows jobs={foreignWaiting} />
    </section>
  );
}
