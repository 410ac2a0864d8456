import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNow } from "../live/tick-clock.ts";
import { approvalStateQuery } from "../trust-queries.ts";
import { formatClock } from "./format.ts";

/** While one person may approve alone: that, and until when. */
export function SetupBanner(): ReactNode {
  const now = useNow(60_000);
  const { data } = useQuery(approvalStateQuery());
  if (typeof data?.setupUntil !== "string") return null;
  return (
    <p className="note note-nothing setup-banner num">
      Set-up: one person may approve alone until {formatClock(Date.parse(data.setupUntil), now)}, or
      until a second one who may approve has signed in. Each such change is marked in the record.
    </p>
  );
}
