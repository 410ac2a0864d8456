import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ChangeRequestView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { clock } from "../live/tick-clock.ts";
import { approvalsQuery, approvalStateQuery } from "../trust-queries.ts";
import { changedFields, isStanding } from "./change-words.ts";
import { formatClock } from "./format.ts";
import { mayReadApprovals, useMe } from "./me.ts";
import { TimeAndAge } from "./times.tsx";

/** What was asked for about this job, source or user and waits for a second person, or stands without one. */
export function WaitingChanges({ subjectId }: { readonly subjectId: string }): ReactNode {
  const requests = useOpenChanges().filter((each) => each.subjectId === subjectId);
  return (
    <div role="status" className="waiting-changes">
      {requests.map((request) => (
        <p key={request.requestId} className="note note-waiting">
          <span className="grow-words">
            {isStanding(request)
              ? `Stands without a second person until ${clockOf(request.revertsAt)}`
              : "Waits for a second person"}
            : {changedFields(request)}. By {request.requestedBy},{" "}
            <TimeAndAge at={request.requestedAt} />.
          </span>
          <Link className="button" href={`/more/approvals/${request.requestId}`}>
            Look
          </Link>
        </p>
      ))}
    </div>
  );
}

/** Every change that waits, and those that stand under break-glass; nothing for who may not read them. */
export function useOpenChanges(): readonly ChangeRequestView[] {
  const me = useMe();
  const enabled = mayReadApprovals(me);
  const state = useQuery({ ...approvalStateQuery(), enabled: me.role !== "display" });
  const waiting = useInfiniteQuery({ ...approvalsQuery(["WAITING"]), enabled });
  const applied = useInfiniteQuery({
    ...approvalsQuery(["APPLIED"]),
    enabled: enabled && (state.data?.breakGlass ?? 0) > 0,
  });
  const standing = (applied.data?.pages ?? []).flatMap(({ items }) => items).filter(isStanding);
  return [...standing, ...(waiting.data?.pages ?? []).flatMap(({ items }) => items)];
}

function clockOf(at: string | null): string {
  return at === null ? "" : formatClock(Date.parse(at), clock.now());
}
