import type { ChangeRequestView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { CHANGE_KIND_WORDS, changedFields, changeMark } from "../../components/change-words.ts";
import { Glyph } from "../../components/Glyph.tsx";
import { MiddleName } from "../../components/MiddleName.tsx";
import { TimeAndAge } from "../../components/times.tsx";

/** A request in a list: what, about what, by whom, since when. */
export function RequestLink({ request }: { readonly request: ChangeRequestView }): ReactNode {
  const [glyph, word] = changeMark(request);
  const fields = changedFields(request);
  return (
    <Link
      className="row item-row incident-row request-row"
      href={`/more/approvals/${request.requestId}`}
      data-row
    >
      <span className={`mark s-${glyph}`}>
        <Glyph name={glyph} />
        {word}
      </span>
      <span className="item-name">
        <MiddleName name={request.subjectName} />
      </span>
      <span className="item-note secondary">
        {CHANGE_KIND_WORDS[request.kind]}
        {fields !== "" && `: ${fields}`} · by {request.requestedBy}
      </span>
      <span className="item-time secondary">
        <TimeAndAge at={request.requestedAt} />
      </span>
    </Link>
  );
}
