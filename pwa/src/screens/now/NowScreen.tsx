import { type ReactNode, useEffect, useMemo, useState } from "react";
import { FilterField } from "../../components/FilterField.tsx";
import { useMe } from "../../components/me.ts";
import { Loading, Notice } from "../../components/Notice.tsx";
import { errorSentence, verdict } from "../../components/words.ts";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { isFiltering, matchesRun, matchesTrend, parseFilter } from "../../live/board-filter.ts";
import { type BoardLists, listsOf } from "../../live/board-lists.ts";
import { useNow } from "../../live/tick-clock.ts";
import { useLiveState } from "../../live/use-live.ts";
import { AlertList } from "./AlertList.tsx";
import { Figures } from "./Figures.tsx";
import { HealthBar } from "./HealthBar.tsx";
import { NoSource } from "./NoSource.tsx";
import { RunList } from "./RunList.tsx";
import { TrendList } from "./TrendList.tsx";
import { VerdictDetail } from "./VerdictDetail.tsx";

/** Lists that depend on the clock are worked out again this often, ms. */
const LISTS_STEP_MS = 10_000;

/** One glance: does anything need me, and what is running. */
export function NowScreen(): ReactNode {
  const me = useMe();
  const { board, errorCode } = useLiveState();
  const now = useNow(LISTS_STEP_MS);
  const [filterText, setFilterText] = useState("");
  const rows = board?.rows;
  const all = useMemo(
    () => (rows === undefined ? null : listsOf(rows.values(), now + LISTS_STEP_MS)),
    [rows, now],
  );
  const shown = useMemo(() => {
    const filter = parseFilter(filterText);
    if (all === null || !isFiltering(filter)) return all;
    return {
      ...all,
      active: all.active.filter((row) => matchesRun(filter, row)),
      recent: all.recent.filter((row) => matchesRun(filter, row)),
      alerts: all.alerts.filter((row) => matchesRun(filter, row)),
      trends: all.trends.filter((row) => matchesTrend(filter, row)),
    };
  }, [all, filterText]);
  const title = all === null ? "Batchwatch" : verdict(all.alerts.length, all.counts);
  useEffect(() => {
    document.title = title === "Batchwatch" ? title : `${title} · Batchwatch`;
  }, [title]);

  if (board === null || all === null || shown === null) {
    if (errorCode !== null) return <Notice>{errorSentence(errorCode, "board")}</Notice>;
    return <Loading what="the board" />;
  }
  if (!me.hasSource && board.rows.size === 0) return <NoSource />;
  const isFiltered = shown !== all;
  const empty = (words: string): string => (isFiltered ? "None matches the filter." : words);
  const nothingMatches =
    isFiltered && shown.active.length + shown.recent.length + shown.alerts.length === 0;
  return (
    <div className="now">
      <div className="now-head">
        <h1 className={`verdict ${verdictInk(all)}`}>{title}</h1>
        <VerdictDetail lists={all} truncated={board.truncated} />
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
            <AlertList
              alerts={shown.alerts}
              empty={empty("No run is stalled, late, or failed and not cleared.")}
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

/** The verdict wears the ink of the gravest state that needs somebody. */
function verdictInk({ alerts, counts }: BoardLists): string {
  if (alerts.some((row) => row.state === "failed")) return "s-failed";
  if (counts.stalled > 0) return "s-stalled";
  return counts.late > 0 ? "s-late" : "";
}
