import type { ReactNode } from "react";
import { clock, useNow } from "../live/tick-clock.ts";
import { formatAge, formatClock, formatDuration, formatMoment } from "./format.ts";

/** Clock time first, then age: `02:14 · 48 min`. The whole moment is in the title. */
export function TimeAndAge({ at }: { readonly at: string }): ReactNode {
  const now = useNow();
  const moment = Date.parse(at);
  return (
    <time className="num" dateTime={at} title={formatMoment(moment)}>
      {formatClock(moment, now)} · {formatAge(now - moment)}
    </time>
  );
}

/** `02:14`, with the day when it is another one. */
export function ClockTime({ at }: { readonly at: string }): ReactNode {
  const moment = Date.parse(at);
  return (
    <time className="num" dateTime={at} title={formatMoment(moment)}>
      {formatClock(moment, clock.now())}
    </time>
  );
}

/** Grows by the second from `since`. */
export function Elapsed({ since }: { readonly since: string }): ReactNode {
  const now = useNow();
  const from = Date.parse(since);
  return (
    <time className="num" dateTime={since} title={`since ${formatMoment(from)}`}>
      {formatDuration(Math.floor((now - from) / 1_000) * 1_000)}
    </time>
  );
}

/** `silent 4 min` once nothing was heard for `afterMs`; else nothing. */
export function Silence({
  since,
  afterMs,
}: {
  readonly since: string;
  readonly afterMs: number;
}): ReactNode {
  const silentMs = useNow() - Date.parse(since);
  if (silentMs <= afterMs) return null;
  return (
    <span className="silence num" title={`last heard ${formatMoment(Date.parse(since))}`}>
      silent {formatAge(silentMs)}
    </span>
  );
}
