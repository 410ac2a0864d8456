import type { RunListItem } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatDuration } from "../components/format.ts";

const BAR_WIDTH = 10;
const GAP = 4;
const HEIGHT = 100;
/** A run of no length still shows. */
const LEAST_HEIGHT = 2;

/** Durations of a job's runs, oldest left, bars from zero. The list under it holds the numbers. */
export function DurationBars({ runs }: { readonly runs: readonly RunListItem[] }): ReactNode {
  const timed = runs.filter((run) => run.durationMs !== null).toReversed();
  if (timed.length < 2) return null;
  const longest = Math.max(1, ...timed.map((run) => run.durationMs ?? 0));
  const width = timed.length * (BAR_WIDTH + GAP) - GAP;
  return (
    <figure className="bars">
      <figcaption className="secondary">
        Durations of the last {timed.length} runs that ended, longest {formatDuration(longest)}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {timed.map((run, index) => {
          const height = Math.max(LEAST_HEIGHT, ((run.durationMs ?? 0) / longest) * HEIGHT);
          return (
            <rect
              key={run.executionId}
              className={`ink-${run.state}`}
              x={index * (BAR_WIDTH + GAP)}
              y={HEIGHT - height}
              width={BAR_WIDTH}
              height={height}
            />
          );
        })}
      </svg>
    </figure>
  );
}
