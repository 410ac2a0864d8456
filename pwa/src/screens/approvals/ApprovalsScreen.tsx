import { useInfiniteQuery } from "@tanstack/react-query";
import type { ChangeRequestView, ChangeState } from "batchwatch/router";
import { type ReactNode, useEffect, useState } from "react";
import { isStanding, waitsForMe } from "../../components/change-words.ts";
import { mayReadApprovals, useMe } from "../../components/me.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Notice } from "../../components/Notice.tsx";
import { QueryState } from "../../components/QueryState.tsx";
import { SetupBanner } from "../../components/SetupBanner.tsx";
import { ViewChoice } from "../../components/ViewChoice.tsx";
import { useOpenChanges } from "../../components/WaitingChanges.tsx";
import { approvalsQuery } from "../../trust-queries.ts";
import { RequestLink } from "./RequestLink.tsx";

const DECIDED: ChangeState[] = ["APPLIED", "REJECTED", "WITHDRAWN", "EXPIRED", "REVERTED"];
const VIEWS = ["Waiting", "Decided"];
/** Others look at the list, too, ms. */
const REFETCH_MS = 15_000;

/** What one person asked for and a second one has to say yes to; and what became of what was asked for. */
export function ApprovalsScreen(): ReactNode {
  const me = useMe();
  const [view, setView] = useState(0);
  useEffect(() => {
    document.title = "Approvals · Batchwatch";
  }, []);
  return (
    <div className="page more approvals-page">
      <h1>Approvals</h1>
      {mayReadApprovals(me) ? (
        <>
          <SetupBanner />
          <ViewChoice legend="Which changes" names={VIEWS} chosen={view} onChoose={setView} />
          {view === 0 ? <Waiting /> : <Decided />}
        </>
      ) : (
        <Notice>
          Changes of jobs, sources and users need a second person. Operations managers, team leads,
          auditors and administrators see them.
        </Notice>
      )}
    </div>
  );
}

function Waiting(): ReactNode {
  const query = useInfiniteQuery({
    ...approvalsQuery(["WAITING"]),
    refetchInterval: REFETCH_MS,
  });
  const standing = useOpenChanges().filter(isStanding);
  const waiting = query.data?.pages.flatMap((page) => page.items) ?? [];
  const mine = [...standing, ...waiting].filter(waitsForMe);
  const others = [...standing, ...waiting].filter((each) => !waitsForMe(each));
  return (
    <>
      <QueryState query={query} loading="what waits" what="list" />
      {query.isSuccess && mine.length + others.length === 0 && (
        <Notice>Nothing waits for a second person.</Notice>
      )}
      <Group title="For you to decide" requests={mine} />
      <Group title="For others to decide" requests={others} />
      <MoreButton query={query} />
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly requests: readonly ChangeRequestView[];
}

function Group({ title, requests }: GroupProps): ReactNode {
  if (requests.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2 className="section-title">
        {title} <span className="num">{requests.length}</span>
      </h2>
      <ul className="list">
        {requests.map((request) => (
          <li key={request.requestId} className="list-item">
            <RequestLink request={request} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decided(): ReactNode {
  const query = useInfiniteQuery(approvalsQuery(DECIDED));
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <QueryState query={query} loading="what was decided" what="list" />
      {items?.length === 0 && <Notice>Nothing was asked for yet.</Notice>}
      <ul className="list">
        {items?.map((request) => (
          <li key={request.requestId} className="list-item">
            <RequestLink request={request} />
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </>
  );
}
