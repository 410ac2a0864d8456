import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { listsOf } from "../live/board-lists.ts";
import { clock } from "../live/tick-clock.ts";
import { useLiveState } from "../live/use-live.ts";
import { spokenAlerts } from "./spoken-alert.ts";

/** Speaks runs that fail, stall or become late after the board was first shown. */
export function AlertAnnouncer(): ReactNode {
  const rows = useLiveState().board?.rows;
  const alerts = useMemo(
    () => (rows === undefined ? null : listsOf(rows.values(), clock.now()).alerts),
    [rows],
  );
  /** A late run that then stalls is news, so the state belongs to what is known. */
  const known = useRef<ReadonlySet<string> | null>(null);
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    const before = known.current;
    known.current =
      alerts === null ? null : new Set(alerts.map((row) => `${row.key} ${row.state}`));
    if (alerts === null || before === null) return;
    const fresh = alerts.filter((row) => !before.has(`${row.key} ${row.state}`));
    if (fresh.length > 0) setSpoken(spokenAlerts(fresh, clock.now()));
  }, [alerts]);
  return (
    <div className="visually-hidden" aria-live="assertive">
      {spoken}
    </div>
  );
}
