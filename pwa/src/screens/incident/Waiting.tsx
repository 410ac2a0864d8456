import type { IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";

/** Jobs that read what this one writes. */
export function Waiting({ waiting }: { readonly waiting: IncidentView["waiting"] }): ReactNode {
  return (
    <section aria-labelledby="waiting-title">
      <h2 id="waiting-title" className="section-title">
        What waits <span className="num">{waiting.length}</span>
      </h2>
      {waiting.length === 0 ? (
        <p className="empty">No job is known to read what this one writes.</p>
      ) : (
        <ul className="panel links">
          {waiting.map(({ jobId, name }) => (
            <li key={jobId}>
              <Link href={`/jobs/${jobId}`}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
