import { type ReactNode, useEffect, useRef, useState } from "react";
import { isOpen } from "../live/incident-lists.ts";
import { clock } from "../live/tick-clock.ts";
import { useBoardLists } from "../live/use-board-lists.ts";
import { type News, newsOf, NOTHING_KNOWN, spokenNews } from "./spoken-alert.ts";

/** Speaks each incident that opens, and each run in trouble without one, after the board was first shown; once. */
export function AlertAnnouncer(): ReactNode {
  const lists = useBoardLists();
  const known = useRef<News["known"] | null>(null);
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (lists === null) {
      known.current = null;
      return;
    }
    const now = clock.now();
    const open = lists.incidents.filter(isOpen);
    const isFirst = known.current === null;
    const news = newsOf(known.current ?? NOTHING_KNOWN, open, lists.alerts, now);
    known.current = news.known;
    const words = isFirst ? "" : spokenNews(news, now);
    if (words !== "") setSpoken(words);
  }, [lists]);
  return (
    <div className="visually-hidden" aria-live="assertive">
      {spoken}
    </div>
  );
}
