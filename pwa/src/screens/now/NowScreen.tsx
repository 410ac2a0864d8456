import { type ReactNode, useEffect, useMemo, useState } from "react";
import { attentionOf } from "../../components/attention.ts";
import { ChangesPill } from "../../components/ChangesPill.tsx";
import { FilterField } from "../../components/FilterField.tsx";
import { useMe } from "../../components/me.ts";
import { Loading, Notice } from "../../components/Notice.tsx";
import { untakenRow, useAcknowledgeKey } from "../../components/use-acknowledge-key.ts";
import { useHeldLists } from "../../components/use-held-lists.ts";
import { errorSentence, verdict } from "../../components/words.ts";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import {
  type BoardFilter,
  isFiltering,
  matchesIncident,
  matchesRun,
  matchesTrend,
  parseFilter,
} from "../../live/board-filter.ts";
import type { BoardLists } from "../../live/board-lists.ts";
import { byUrgency, isOpen, needsMe } from "../../live/incident-lists.ts";
import { useBoardLists } from "../../live/use-board-lists.ts";
import { useLiveState } from "../../live/use-live.ts";
import { Figures } from "./Figures.tsx";
import { HealthBar } from "./HealthBar.tsx";
import { NeedsYou, Taken } from "./NeedsYou.tsx";
import { NoSource } from "./NoSource.tsx";
import { RunList } from "./RunList.tsx";
import { TrendList } from "./TrendList.tsx";
import { VerdictDetail } from "./VerdictDetail.tsx";

/** One glance: does anything need me, and what is running. */
export function NowScreen(): ReactNode {
  const me = useMe();
  const { board, errorCode } = useLiveState();
  const all = useBoardLists();
  const [filterText, setFilterText] = useState("");
  const filter = useMemo(() => parseFilter(filterText), [filterText]);
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const hold = useHeldLists(root, all);
  const lists = hold.shown?.lists ?? null;
  const shown = useMemo(
    () => (lists === null || !isFiltering(filter) ? lists : filtered(lists, filter)),
    [lists, filter],
  );
  const incidents = useMemo(
    () => shown?.incidents.filter(isOpen).sort(byUrgency(me.userId)) ?? [],
    [shown, me.userId],
  );
  const title = lists === null ? null : verdict(attentionOf(lists, me.userId), lists.counts);
  useEffect(() => {
    document.title = title === null ? "Batchwatch" : `${title} · Batchwatch`;
  }, [title]);
  useAcknowledgeKey(untakenRow, null);

  if (board === null || lists === null || shown === null) {
    if (errorCode !== null) return <Notice>{errorSentence(errorCode, "board")}</Notice>;
    return <Loading what="the board" />;
  }
  if (!me.hasSource && board.rows.size === 0) return <NoSource />;
  const isFiltered = isFiltering(filter);
  const empty = (words: string): string => (isFiltered ? "None matches the filter." : words);
  const nothingMatches =
    isFiltered &&
    shown.active.length + shown.recent.length + shown.alerts.length + incidents.length === 0;
  return (
    <div className="now" ref={setRoot}>
      <ChangesPill changes={hold.shown?.changes ?? 0} onShow={hold.release} />
      <div className="now-head">
        <h1 className={`verdict ${verdictInk(lists, me.userId)}`}>{title}</h1>
        <VerdictDetail lists={lists} truncated={board.truncated} />
        <FilterField
          label="Filter: words, team:…, state:…"
          value={filterText}
          onChange={setFilterText}
        />
      </div>
      {nothingMatches ? (
        <Notice>
          <p>No job matches {filterText.trim()}.</p>
          <button type="button" className="button" onClick={() => setFilterText("")}>
            Clear
          </button>
        </Notice>
      ) : (
        <>
          <aside className="now-side" aria-label="Needs a look">
            <NeedsYou
              incidents={incidents.filter((row) => needsMe(row, me.userId))}
              alerts={shown.alerts}
              empty={empty("No incident is open that is yours or nobody's.")}
              isHeld={hold.isHeld}
            />
            <Taken
              incidents={incidents.filter((row) => !needsMe(row, me.userId))}
              isHeld={hold.isHeld}
            />
            <TrendList trends={shown.trends} />
          </aside>
          <div className="now-main">
            <Figures metrics={board.performanceMetrics} />
            <RunList
              title="Active"
              className="o-running"
              rows={shown.active}
              heads={["Stage", "Progress", "Elapsed / usual"]}
              empty={empty("Nothing is running.")}
            />
            <RunList
              title="Recent completions"
              className="o-recent"
              rows={shown.recent}
              heads={["Ended", "Result", "Took / usual"]}
              empty={empty("Nothing ended in the last hour.")}
            />
          </div>
        </>
      )}
      <HealthBar health={board.systemHealth} />
      <ZoneNote />
    </div>
  );
}

function filtered(lists: BoardLists, filter: BoardFilter): BoardLists {
  return {
    ...lists,
    active: lists.active.filter((row) => matchesRun(filter, row)),
    recent: lists.recent.filter((row) => matchesRun(filter, row)),
    alerts: lists.alerts.filter((row) => matchesRun(filter, row)),
    incidents: lists.incidents.filter((row) => matchesIncident(filter, row)),
    trends: lists.trends.filter((row) => matchesTrend(filter, row)),
  };
}

/** The verdict wears the ink of the gravest state that needs somebody. */
function verdictInk({ alerts, incidents, counts }: BoardLists, userId: string): string {
  const causes = incidents.filter((row) => needsMe(row, userId)).map((row) => row.causeKind);
  const hasFailed = causes.some((cause) => cause === "FAILED" || cause === "SHARED_SOURCE");
  if (hasFailed || alerts.some((row) => row.state === "failed")) return "s-failed";
  if (counts.stalled > 0 || causes.includes("STALLED")) return "s-stalled";
  return counts.late > 0 || causes.includes("MISSED") ? "s-late" : "";
}
