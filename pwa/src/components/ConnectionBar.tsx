import type { ReactNode } from "react";
import { type ConnectionStatus, connectionStatus } from "../live/connection-status.ts";
import { useNow } from "../live/tick-clock.ts";
import { useLiveState } from "../live/use-live.ts";
import { formatAge, formatClockSeconds } from "./format.ts";

const KIND_WORDS: Readonly<Record<ConnectionStatus["kind"], string>> = {
  connecting: "Connecting",
  live: "Live",
  "catching-up": "Catching up",
  reconnecting: "Reconnecting",
  offline: "Offline",
};

/** How old the board is, always. The word is announced when it changes; the ticking age is not. */
export function ConnectionBar(): ReactNode {
  const now = useNow();
  const facts = useLiveState();
  const status = connectionStatus(facts, now);
  return (
    <div className={`connection c-${status.kind}`} role="status">
      <span className="dot" aria-hidden="true" />
      <span>{KIND_WORDS[status.kind]}</span>
      <span className="num" aria-hidden={status.kind === "live"}>
        {detail(status)}
      </span>
    </div>
  );
}

function detail(status: ConnectionStatus): string {
  if (status.kind === "live") return ` · ${formatAge(status.ageMs)}`;
  if (status.kind !== "reconnecting" && status.kind !== "offline") return "";
  return status.asOf === null ? "" : `, as of ${formatClockSeconds(status.asOf)}`;
}
