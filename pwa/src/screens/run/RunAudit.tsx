import type { AuditEntry } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatClockSeconds, formatMoment } from "../../components/format.ts";
import { auditDelay, auditWhat, isOfClock } from "./audit-words.ts";

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
                {auditWhat(entry)}
                {entry.stage !== null && <span className="secondary"> · {entry.stage}</span>}
              </span>
              <span className="secondary audit-how">
                {isOfClock(entry) ? (
                  <>
                    seen <Moment at={entry.receivedAt} /> ({auditDelay(entry)}) by Batchwatch
                  </>
                ) : (
                  <>
                    received <Moment at={entry.receivedAt} /> ({auditDelay(entry)}) from{" "}
                    {entry.source}, {entry.contract}
                  </>
                )}
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
