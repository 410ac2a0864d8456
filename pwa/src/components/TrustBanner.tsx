import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useNow } from "../live/tick-clock.ts";
import { approvalStateQuery } from "../trust-queries.ts";
import { breakGlassSentence, isStanding } from "./change-words.ts";
import { mayReadApprovals, useMe } from "./me.ts";
import { useOpenChanges } from "./WaitingChanges.tsx";

/** On every screen, for as long as a change stands that only one person wanted. */
export function TrustBanner(): ReactNode {
  const me = useMe();
  const now = useNow(10_000);
  const state = useQuery({ ...approvalStateQuery(), enabled: me.role !== "display" });
  const ends = useOpenChanges()
    .filter(isStanding)
    .map(({ revertsAt }) => Date.parse(revertsAt ?? ""));
  const count = state.data?.breakGlass ?? 0;
  return (
    <div role="status" className={count === 0 ? "trust-banner gone" : "trust-banner"}>
      {count > 0 && (
        <>
          <span>
            {breakGlassSentence(count, ends.length === 0 ? null : Math.min(...ends), now)}
          </span>
          {mayReadApprovals(me) && (
            <Link className="button" href="/more/approvals">
              Look
            </Link>
          )}
        </>
      )}
    </div>
  );
}
