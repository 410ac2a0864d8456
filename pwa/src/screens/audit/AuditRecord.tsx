import type { AuditView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { Glyph } from "../../components/Glyph.tsx";
import type { GlyphName } from "../../components/glyph-paths.ts";
import { FactList } from "../../components/Facts.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { type AuditFilterInput, NO_FILTER } from "./audit-filter.ts";
import { AUDIT_ACTION_WORDS, detailFacts, subjectKindWords } from "./audit-words.ts";
import { subjectHref } from "./subject-links.ts";

interface AuditRecordProps {
  readonly record: AuditView;
  onSearch(filter: AuditFilterInput): void;
}

/** What an auditor looks for first. */
const LOUD: Readonly<Partial<Record<AuditView["action"], GlyphName>>> = {
  "break-glass": "atrisk",
  "refresh-reused": "failed",
  "sign-in-refused": "atrisk",
  "access-refused": "atrisk",
};

/** One line: when, who, what; its small print when it is opened. */
export function AuditRecord({ record, onSearch }: AuditRecordProps): ReactNode {
  const { action, who, actorId, subjectKind, subjectId, subjectName } = record;
  const glyph = LOUD[action];
  const href = subjectHref(subjectKind, subjectId);
  return (
    <details className="trail-record">
      <summary>
        <span className="secondary">
          <TimeAndAge at={record.at} />
        </span>
        <span className={glyph === undefined ? "words" : `words mark-words s-${glyph}`}>
          {glyph !== undefined && <Glyph name={glyph} />}
          <span>
            <strong>{who}</strong> {AUDIT_ACTION_WORDS[action]}
            {subjectName !== null && <>: {subjectName}</>}
          </span>
        </span>
      </summary>
      <FactList facts={detailFacts(record)} />
      <div className="buttons">
        {href !== null && subjectKind !== null && (
          <Link className="button" href={href}>
            Open {subjectKindWords(subjectKind).toLowerCase()}
          </Link>
        )}
        {subjectKind !== null && subjectId !== null && (
          <button
            type="button"
            className="button"
            onClick={() => onSearch({ ...NO_FILTER, about: subjectKind, id: subjectId })}
          >
            Only about this
          </button>
        )}
        <button
          type="button"
          className="button"
          onClick={() => onSearch({ ...NO_FILTER, who: actorId })}
        >
          Only by them
        </button>
      </div>
    </details>
  );
}
