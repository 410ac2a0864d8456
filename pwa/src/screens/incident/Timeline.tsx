import type { IncidentEventView } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatClock, formatMoment } from "../../components/format.ts";
import { useNow } from "../../live/tick-clock.ts";
import { eventSentence } from "./timeline-words.ts";

const STEP_MS = 60_000;

/** What happened with it, newest first. */
export function Timeline({ events }: { readonly events: readonly IncidentEventView[] }): ReactNode {
  const now = useNow(STEP_MS);
  const newestFirst = events.toReversed().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <section aria-labelledby="timeline-title">
      <h2 id="timeline-title" className="section-title">
        Timeline
      </h2>
      {events.length === 0 ? (
        <p className="empty">Nothing is recorded yet.</p>
      ) : (
        <ol className="panel audit timeline">
          {newestFirst.map((event) => (
            <li key={event.eventId}>
              <time className="num" dateTime={event.at} title={formatMoment(Date.parse(event.at))}>
                {formatClock(Date.parse(event.at), now)}
              </time>
              <span className="words">{eventSentence(event, now)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
