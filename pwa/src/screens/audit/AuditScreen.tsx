import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useLocation, useSearch } from "wouter";
import { mayCheckAudit, mayReadAudit, useMe } from "../../components/me.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Notice } from "../../components/Notice.tsx";
import { QueryState } from "../../components/QueryState.tsx";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { auditQuery } from "../../trust-queries.ts";
import { type AuditFilterInput, filterOf, NO_FILTER, queryOf, searchOf } from "./audit-filter.ts";
import { AuditFilterForm } from "./AuditFilterForm.tsx";
import { AuditRecord } from "./AuditRecord.tsx";
import { CheckRecord } from "./CheckRecord.tsx";

/** Who did what, when: newest first, searched by person, act, subject and time. */
export function AuditScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "Audit · Batchwatch";
  }, []);
  return (
    <div className="page more audit-page">
      <h1>Audit</h1>
      {mayReadAudit(me) ? (
        <Trail />
      ) : (
        <Notice>
          Operations managers, team leads, auditors and administrators read the record. What is kept
          about you is under You.
        </Notice>
      )}
    </div>
  );
}

function Trail(): ReactNode {
  const me = useMe();
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = filterOf(search);
  const query = useInfiniteQuery(auditQuery(queryOf(filter)));
  const records = query.data?.pages.flatMap((page) => page.items);
  const look = (wanted: AuditFilterInput): void => {
    const text = searchOf(wanted);
    navigate(text === "" ? "/more/audit" : `/more/audit?${text}`);
  };
  return (
    <>
      <p className="secondary">
        Reading it is recorded, too. Names are as they are today; the record itself holds numbers.
      </p>
      {mayCheckAudit(me) && <CheckRecord filter={queryOf(filter)} />}
      <AuditFilterForm key={search} initial={filter} onSearch={look} />
      <QueryState query={query} loading="the record" what="record" />
      {records?.length === 0 && (
        <Notice>
          <p>Nothing in the record matches.</p>
          <button type="button" className="button" onClick={() => look(NO_FILTER)}>
            Show all
          </button>
        </Notice>
      )}
      {records !== undefined && records.length > 0 && (
        <ol className="panel trail" aria-label="Records, newest first">
          {records.map((record) => (
            <li key={record.seq}>
              <AuditRecord record={record} onSearch={look} />
            </li>
          ))}
        </ol>
      )}
      <MoreButton query={query} />
      <ZoneNote />
    </>
  );
}
