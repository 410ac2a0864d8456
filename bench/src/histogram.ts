import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";
import { BENCH_OPTIONS } from "./options.ts";

const MICROSECONDS = 1_000;

function empty(): Histogram {
  return build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: BENCH_OPTIONS.latencyMaxMs * MICROSECONDS,
    numberOfSignificantValueDigits: 3,
  });
}

/** Latencies in milliseconds, kept to three significant digits and never finer than a microsecond. */
export class LatencyHistogram {
  readonly #histogram: Histogram;

  constructor(encoded?: string) {
    this.#histogram = empty();
    if (encoded !== undefined) {
      this.#histogram.add(decodeFromCompressedBase64(encoded, 64, false));
    }
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** A latency below 0 (two clocks) counts as 0, one above the range as its end. */
  record(latencyMs: number): void {
    const limited = Math.min(BENCH_OPTIONS.latencyMaxMs, Math.max(0, latencyMs));
    this.#histogram.recordValue(Math.round(limited * MICROSECONDS));
  }

  /** @param percent 0 … 100. NaN while nothing was recorded. */
  percentileMs(percent: number): number {
    if (this.count === 0) return Number.NaN;
    return this.#histogram.getValueAtPercentile(percent) / MICROSECONDS;
  }

  add(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
  }

  /** Text that another process can make the same histogram of. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }
}
