import type { ReactNode } from "react";

export interface StageTrackProps {
  /** Share of the run's time at which the stage began, 0 to 1. */
  readonly from: number;
  /** Share at which it ended, or now. */
  readonly to: number;
}

const WIDTH = 1_000;
/** A stage of a moment still shows. */
const LEAST_WIDTH = 6;

/** One stage's place on the run's time line; its numbers stand beside it. */
export function StageTrack({ from, to }: StageTrackProps): ReactNode {
  const width = Math.max(LEAST_WIDTH, (to - from) * WIDTH);
  return (
    <svg
      className="stage-track"
      viewBox={`0 0 ${WIDTH} 8`}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <rect className="track" width={WIDTH} height={8} />
      <rect
        fill="currentColor"
        x={Math.min(from * WIDTH, WIDTH - width)}
        width={width}
        height={8}
      />
    </svg>
  );
}
