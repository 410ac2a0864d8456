import type { PastIncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { formatDuration } from "../../components/format.ts";
import { ClockTime } from "../../components/times.tsx";

/** When it happened before, who had it, how long it took, and what they wrote. */
export function Before({ before }: { readonly before: readonly PastIncidentView[] }): ReactNode {
  return (
    <section aria-labelledby="before-title">
      <h2 id="before-title" className="section-title">
        Last time
      </h2>
      {before.length === 0 ? (
        <p className="empty">It is the first time in the history that is kept.</p>
      ) : (
        <ul className="panel before">
          {before.map((each) => (
            <li key={each.incidentId}>
              <p className="num">
                <Link href={`/incidents/${each.incidentId}`}>
                  <ClockTime at={each.openedAt} />
                </Link>
                {each.durationMs === null
                  ? ", not over yet"
                  : `, ${formatDuration(each.durationMs)}`}
                {each.by === null ? ", nobody had it" : `, ${each.by}`}
              </p>
              {each.note !== null && <p className="words">“{each.note}”</p>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
