import type { AuditView, WhyNotPagedView } from "batchwatch/router";
import { type ReactNode, useId, useState } from "react";
import { Link } from "wouter";
import { mayReadAudit, useMe } from "../../components/me.ts";
import { ErrorNotice } from "../../components/Notice.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { api } from "../../trpc.ts";
import { NO_FILTER, searchOf } from "../audit/audit-filter.ts";
import { approvalWords, proofWords, whyWords } from "./why-words.ts";

type Answer =
  | { readonly is: "none" | "asking" }
  | { readonly is: "here"; readonly view: WhyNotPagedView }
  | { readonly is: "failed"; readonly error: unknown };

/** The one reason, who approved what it rests on, and what was recorded about both. */
export function WhyNotPaged({ incidentId }: { readonly incidentId: string }): ReactNode {
  const [answer, setAnswer] = useState<Answer>({ is: "none" });
  const ask = (): void => {
    setAnswer({ is: "asking" });
    api.incidents.whyNotPaged.query({ incidentId }).then(
      (view) => setAnswer({ is: "here", view }),
      (error: unknown) => setAnswer({ is: "failed", error }),
    );
  };
  return (
    <div className="why-not">
      {answer.is !== "here" && (
        <button type="button" className="button" disabled={answer.is === "asking"} onClick={ask}>
          {answer.is === "asking" ? "Looking…" : "Why was nobody paged?"}
        </button>
      )}
      <div role="status">{answer.is === "here" && <Reason view={answer.view} />}</div>
      {answer.is === "failed" && <ErrorNotice error={answer.error} what="reason" onRetry={ask} />}
      {answer.is === "here" && <Proof incidentId={incidentId} records={answer.view.audit} />}
    </div>
  );
}

function Reason({ view }: { readonly view: WhyNotPagedView }): ReactNode {
  const approval = approvalWords(view);
  return (
    <>
      <p>{whyWords(view)}</p>
      {approval !== null && (
        <p>
          {approval}
          {view.setAt !== null && (
            <span className="secondary">
              {" "}
              <TimeAndAge at={view.setAt} />
            </span>
          )}
        </p>
      )}
    </>
  );
}

interface ProofProps {
  readonly incidentId: string;
  /** Newest first. */
  readonly records: readonly AuditView[];
}

/** The records behind it, for everybody whose incident it is; the way to their places in the record for those who may read that. */
function Proof({ incidentId, records }: ProofProps): ReactNode {
  const me = useMe();
  const titleId = useId();
  const setting = records.find(({ subjectKind }) => subjectKind !== null && SETS.has(subjectKind));
  return (
    <>
      {records.length > 0 && (
        <section aria-labelledby={titleId}>
          <h3 id={titleId} className="section-title">
            What the record says
          </h3>
          <ul className="panel told">
            {records.map((record) => (
              <li key={record.seq}>
                <p>
                  <strong>{record.who}</strong> {proofWords(record)}
                </p>
                <p className="secondary">
                  <TimeAndAge at={record.at} />
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {mayReadAudit(me) && (
        <p className="buttons">
          <RecordLink about="incident" id={incidentId}>
            In the record
          </RecordLink>
          {setting?.subjectKind != null && setting.subjectId !== null && (
            <RecordLink about={setting.subjectKind} id={setting.subjectId}>
              The {setting.subjectKind} in the record
            </RecordLink>
          )}
        </p>
      )}
    </>
  );
}

/** What a reason can be a setting of. */
const SETS: ReadonlySet<string> = new Set(["source", "job"]);

interface RecordLinkProps {
  readonly about: string;
  readonly id: string;
  readonly children: ReactNode;
}

function RecordLink({ about, id, children }: RecordLinkProps): ReactNode {
  return (
    <Link className="button" href={`/more/audit?${searchOf({ ...NO_FILTER, about, id })}`}>
      {children}
    </Link>
  );
}
