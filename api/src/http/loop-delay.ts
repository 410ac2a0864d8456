import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

/** How finely the loop is looked at, ms: what is late by less than this is not seen. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

export interface LoopDelays {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How late the main thread's event loop ran since it was last asked, seconds. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** Begins anew with each call. */
  take(): LoopDelays {
    const histogram = this.#histogram;
    // The histogram holds intervals, of which the resolution itself is no delay.
    const late = (ns: number) => Math.max(0, ns / NANOSECONDS - RESOLUTION_MS / 1_000);
    const seen = histogram.count > 0;
    const delays = {
      p50: seen ? late(histogram.percentile(50)) : 0,
      p99: seen ? late(histogram.percentile(99)) : 0,
      max: seen ? late(histogram.max) : 0,
    };
    histogram.reset();
    return delays;
  }

  stop(): void {
    this.#histogram.disable();
  }
}
