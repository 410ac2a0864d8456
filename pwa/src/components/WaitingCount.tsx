import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { approvalsQuery } from "../trust-queries.ts";
import { waitsForMe } from "./change-words.ts";
import { mayDecide, useMe } from "./me.ts";

/** What is not decided within minutes needs no seconds, ms. */
const COUNT_EVERY_MS = 60_000;

/** How many changes wait for this reader, beside the way to them; nothing when none does. */
export function WaitingCount(): ReactNode {
  const me = useMe();
  const query = useInfiniteQuery({
    ...approvalsQuery(["WAITING"]),
    enabled: mayDecide(me),
    refetchInterval: COUNT_EVERY_MS,
  });
  const count = (query.data?.pages ?? []).flatMap(({ items }) => items).filter(waitsForMe).length;
  if (count === 0) return null;
  return (
    <span className="count num">
      {count}
      <span className="visually-hidden">
        {count === 1 ? " change waits for you" : " changes wait for you"}
      </span>
    </span>
  );
}
