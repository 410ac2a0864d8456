import type { TrendRow } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { trendSentence } from "../../components/words.ts";
import { LIMITS } from "../../live/limits.ts";

/** Jobs that became slower or faster, in sentences; nothing while there are none. */
export function TrendList({ trends }: { readonly trends: readonly TrendRow[] }): ReactNode {
  const moved = trends.filter(
    (trend) => trend.direction === "DEGRADING" || trend.direction === "IMPROVING",
  );
  if (moved.length === 0) return null;
  return (
    <section className="o-trends" aria-labelledby="trends-title">
      <h2 id="trends-title" className="section-title">
        Trends
      </h2>
      <ul className="trends">
        {moved.slice(0, LIMITS.trendsShown).map((trend) => (
          <li key={trend.key}>
            <Link
              className={`trend t-${trend.direction.toLowerCase()}`}
              href={`/jobs/${trend.jobId}`}
            >
              <TrendArrow isSlower={trend.direction === "DEGRADING"} />
              <span>{trendSentence(trend)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TrendArrow({ isSlower }: { readonly isSlower: boolean }): ReactNode {
  return (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path fill="currentColor" d={isSlower ? "M8 2l6 11H2z" : "M8 14l6-11H2z"} />
    </svg>
  );
}
