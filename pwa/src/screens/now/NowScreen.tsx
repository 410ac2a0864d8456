import { type ReactNode, useEffect, useMemo, useState } from "react";
import { FilterField } from "../../components/FilterField.tsx";
import { timeZoneName } from "../../components/format.ts";
import { useMe } from "../../components/me.ts";
import { Loading, Notice } from "../../components/Notice.tsx";
import { errorSentence, verdict } from "../../components/words.ts";
import { isFiltering, matchesRun, matchesTrend, parseFilter } from "../../live/board-filter.ts";
import { listsOf } from "../../live/board-lists.ts";
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

/** One glance: is anything red, and what is running. */
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
  const title = all === null ? "Batchwatch" : verdict(all.alerts.length, all.runningCount);
  useEffect(() => {
    document.title = title === "Batchwatch" ? title : `${title} · Batchwatch`;
  }, [title]);

  if (board === null || all === null || shown === null) {
    if (errorCode !== null) return <Notice>{errorSentence(errorCode, "board")}</Notice>;
    return <Loading what="the board" />;
  }
  if (!me.hasSource && board.rows.size === 0) return <NoSource />;
  const nothingMatches =
    filterText.trim() !== "" &&
    shown.active.length + shown.recent.length + shown.alerts.length === 0;
  return (
    <div className="now">
      <div className="now-head">
        <h1 className={all.alerts.length > 0 ? "verdict bad" : "verdict"}>{title}</h1>
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
            <AlertList alerts={shown.alerts} />
            <TrendList trends={shown.trends} />
          </aside>
          <div className="now-main">
            <Figures metrics={board.performanceMetrics} />
            <RunList
              title="Running"
              className="o-running"
              rows={shown.active}
              heads={["Stage", "Progress", "Elapsed / usual"]}
              empty="Nothing is running."
            />
            <RunList
              title="Recent completions"
              className="o-recent"
              rows={shown.recent}
              heads={["Ended", "Result", "Took / usual"]}
              empty="Nothing ended in the last hour."
            />
          </div>
        </>
      )}
      <HealthBar health={board.systemHealth} />
      <p className="zone">Times in {timeZoneName(now)}</p>
    </div>
  );
}
