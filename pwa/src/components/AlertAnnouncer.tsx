import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { listsOf } from "../live/board-lists.ts";
import { clock } from "../live/tick-clock.ts";
import { useLiveState } from "../live/use-live.ts";
import { spokenAlert } from "./words.ts";

/** Speaks failures that appear after the board was first shown. */
export function AlertAnnouncer(): ReactNode {
  const rows = useLiveState().board?.rows;
  const alerts = useMemo(
    () => (rows === undefined ? null : listsOf(rows.values(), clock.now()).alerts),
    [rows],
  );
  const known = useRef<ReadonlySet<string> | null>(null);
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    if (alerts === null) return;
    const fresh = alerts.filter((row) => known.current !== null && !known.current.has(row.key));
    const [first] = fresh;
    if (first !== undefined) {
      setSpoken(fresh.length === 1 ? spokenAlert(first) : `${fresh.length} jobs failed.`);
    }
    known.current = new Set(alerts.map((row) => row.key));
  }, [alerts]);
  return (
    <div className="visually-hidden" aria-live="assertive">
      {spoken}
    </div>
  );
}
