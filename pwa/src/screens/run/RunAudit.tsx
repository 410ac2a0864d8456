import type { AuditEntry } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatClockSeconds, formatDuration, formatMoment } from "../../components/format.ts";

/** Each transition with its evidence: when it happened, when it was heard, from whom. */
export function RunAudit({ entries }: { readonly entries: readonly AuditEntry[] }): ReactNode {
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title" className="section-title">
        Audit <span className="num">{entries.length}</span>
      </h2>
      {entries.length === 0 ? (
        <p className="empty">No transition is recorded.</p>
      ) : (
        <ol className="panel audit">
          {entries.map((entry) => (
            <li key={`${entry.kind} ${entry.stage ?? ""} ${entry.occurredAt} ${entry.receivedAt}`}>
              <Moment at={entry.occurredAt} />
              <span className="audit-what">
                {entry.kind}
                {entry.stage !== null && <span className="secondary"> · {entry.stage}</span>}
              </span>
              <span className="secondary audit-how">
                received <Moment at={entry.receivedAt} /> ({delay(entry)}) from {entry.source},{" "}
                {entry.contract}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Moment({ at }: { readonly at: string }): ReactNode {
  const moment = Date.parse(at);
  return (
    <time className="num" dateTime={at} title={formatMoment(moment)}>
      {formatClockSeconds(moment)}
    </time>
  );
}

function delay(entry: AuditEntry): string {
  return `${formatDuration(Date.parse(entry.receivedAt) - Date.parse(entry.occurredAt))} later`;
}
