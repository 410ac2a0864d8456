import { useQuery } from "@tanstack/react-query";
import type { ChangeRequestView } from "batchwatch/router";
import { type ReactNode, useEffect } from "react";
import { Link } from "wouter";
import { CHANGE_KIND_WORDS, changeMark } from "../../components/change-words.ts";
import { FactList } from "../../components/Facts.tsx";
import { Glyph } from "../../components/Glyph.tsx";
import { QueryState } from "../../components/QueryState.tsx";
import { SetupBanner } from "../../components/SetupBanner.tsx";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { useNow } from "../../live/tick-clock.ts";
import { approvalQuery } from "../../trust-queries.ts";
import { subjectHref } from "../audit/subject-links.ts";
import { Decide } from "./Decide.tsx";
import { Differences } from "./Differences.tsx";
import { requestFacts } from "./request-facts.ts";

/** Somebody else may decide it meanwhile, ms. */
const REFETCH_MS = 10_000;

/** One change: before and after, why, who asked, and what may be said to it. */
export function ApprovalScreen({ requestId }: { readonly requestId: string }): ReactNode {
  const query = useQuery({ ...approvalQuery(requestId), refetchInterval: REFETCH_MS });
  const request = query.data;
  const title = request === undefined ? "Change" : CHANGE_KIND_WORDS[request.kind];
  useEffect(() => {
    document.title = `${title} · Batchwatch`;
  }, [title]);
  if (request === undefined) {
    return (
      <div className="page more">
        <h1>Change</h1>
        <QueryState query={query} loading="the change" what="change" />
      </div>
    );
  }
  return (
    <article className="page more approval-page">
      <SetupBanner />
      <Head request={request} title={title} />
      <div className="run-grid">
        <div>
          <Differences request={request} />
          <section aria-labelledby="reason-title">
            <h2 id="reason-title" className="section-title">
              Reason
            </h2>
            <p className="panel words">
              {request.reason === "" ? "No reason was given." : request.reason}
            </p>
          </section>
        </div>
        <div>
          <Facts request={request} />
          <Decide request={request} />
        </div>
      </div>
      <ZoneNote />
    </article>
  );
}

interface HeadProps {
  readonly request: ChangeRequestView;
  readonly title: string;
}

function Head({ request, title }: HeadProps): ReactNode {
  const [glyph, word] = changeMark(request);
  const href = subjectHref(request.subjectKind, request.subjectId);
  return (
    <header className="run-head">
      <p className={`mark s-${glyph}`}>
        <Glyph name={glyph} />
        {word}
      </p>
      <h1>
        {title}:{" "}
        {href === null ? request.subjectName : <Link href={href}>{request.subjectName}</Link>}
      </h1>
    </header>
  );
}

function Facts({ request }: { readonly request: ChangeRequestView }): ReactNode {
  const now = useNow(60_000);
  return (
    <section aria-labelledby="facts-title">
      <h2 id="facts-title" className="section-title">
        Who and when
      </h2>
      <FactList facts={requestFacts(request, now)} />
      {request.decisionNote !== null && (
        <p className="panel after-panel words">“{request.decisionNote}”</p>
      )}
      {request.revertedBy !== null && (
        <p className="after-panel">
          <Link className="button" href={`/more/approvals/${request.revertedBy}`}>
            The change that takes it back
          </Link>
        </p>
      )}
    </section>
  );
}
