import { useInfiniteQuery } from "@tanstack/react-query";
import type { IncidentListItem } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AcknowledgeAll } from "../../components/AcknowledgeAll.tsx";
import { ChangesPill } from "../../components/ChangesPill.tsx";
import { formatClock, formatDuration, formatNumber } from "../../components/format.ts";
import { IncidentCard } from "../../components/IncidentCard.tsx";
import { LongList } from "../../components/LongList.tsx";
import { mayRespond, useMe } from "../../components/me.ts";
import { Loading, Notice } from "../../components/Notice.tsx";
import { useTeam } from "../../components/team-choice.ts";
import { untakenRow, useAcknowledgeKey } from "../../components/use-acknowledge-key.ts";
import { useHeldLists } from "../../components/use-held-lists.ts";
import { errorSentence } from "../../components/words.ts";
import { isFiltering, matchesIncident, parseFilter } from "../../live/board-filter.ts";
import { byUrgency, isOpen } from "../../live/incident-lists.ts";
import { clock } from "../../live/tick-clock.ts";
import { useBoardLists } from "../../live/use-board-lists.ts";
import { useLiveState } from "../../live/use-live.ts";
import { incidentsQuery } from "../../queries.ts";
import { NoMatch } from "./NoMatch.tsx";

export interface IncidentsProps {
  readonly text: string;
  onClear(): void;
}

/** Live, from the board, so that it is there without a connection too. */
export function OpenIncidents({ text, onClear }: IncidentsProps): ReactNode {
  const me = useMe();
  const { errorCode } = useLiveState();
  const lists = useBoardLists();
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const hold = useHeldLists(root, lists);
  const held = hold.shown;
  const filter = parseFilter(text);
  const open = held?.lists.incidents.filter(isOpen).sort(byUrgency(me.userId)) ?? [];
  const shown = isFiltering(filter) ? open.filter((each) => matchesIncident(filter, each)) : open;
  useAcknowledgeKey(untakenRow, null);
  if (held === null) {
    if (errorCode !== null) return <Notice>{errorSentence(errorCode, "list")}</Notice>;
    return <Loading what="the incidents" />;
  }
  if (open.length === 0) return <NoneOpen />;
  if (shown.length === 0) return <NoMatch text={text} onClear={onClear} />;
  const untaken = shown.filter((each) => each.acknowledgedBy === null);
  return (
    <section aria-labelledby="open-title" ref={setRoot}>
      <h2 id="open-title" className="visually-hidden">
        Open incidents
      </h2>
      <ChangesPill changes={held.changes} onShow={hold.release} />
      <p className="verdict-detail num">
        {formatNumber(shown.length)} open · {formatNumber(untaken.length)} nobody has
      </p>
      <div className="cards">
        <LongList items={shown} keyOf={(row) => row.key}>
          {(row) => <IncidentCard incident={row} isHeld={hold.isHeld} />}
        </LongList>
      </div>
      {mayRespond(me) && <AcknowledgeAll incidents={untaken} />}
    </section>
  );
}

/** `No open incidents. Last: GL extract, 10 Nov 02:14, 34 min.` */
function NoneOpen(): ReactNode {
  const team = useTeam(useMe());
  const query = useInfiniteQuery(
    incidentsQuery({ states: ["RESOLVED"], ...(team !== undefined && { team }) }),
  );
  const last = query.data?.pages[0]?.items[0];
  return (
    <Notice>
      <p className="num">
        No open incidents.{last !== undefined && ` Last: ${lastWords(last, clock.now())}.`}
      </p>
    </Notice>
  );
}

function lastWords(last: IncidentListItem, now: number): string {
  const from = Date.parse(last.since);
  const took =
    last.resolvedAt === null ? "" : `, ${formatDuration(Date.parse(last.resolvedAt) - from)}`;
  return `${last.jobName}, ${formatClock(from, now)}${took}`;
}
