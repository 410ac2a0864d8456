import { array, assert, double, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { LatencyHistogram } from "./histogram.ts";

const latencies = array(double({ min: 0.01, max: 60_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The value that so many percent are not above. */
function exact(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

describe("LatencyHistogram", () => {
  test("agrees with sorting, to three digits and a microsecond", () => {
    assert(
      property(latencies, (values) => {
        const histogram = histogramOf(values);
        expect(histogram.count).toBe(values.length);
        for (const percent of [50, 90, 99, 100]) {
          const wanted = exact(values, percent);
          const error = Math.abs(histogram.percentileMs(percent) - wanted);
          expect(error).toBeLessThanOrEqual(wanted * 0.001 + 0.001);
        }
      }),
    );
  });

  test("sent as text and added, is as if it had been recorded here", () => {
    assert(
      property(latencies, latencies, (here, there) => {
        const sum = histogramOf(here);
        sum.add(new LatencyHistogram(histogramOf(there).encode()));
        const whole = histogramOf([...here, ...there]);
        expect(sum.count).toBe(whole.count);
        for (const percent of [50, 99, 100]) {
          expect(sum.percentileMs(percent)).toBe(whole.percentileMs(percent));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("keeps what lies outside its range at its ends", () => {
    const histogram = histogramOf([-3, 9_000_000]);
    expect(histogram.percentileMs(0)).toBe(0);
    expect(histogram.percentileMs(100)).toBeCloseTo(600_000, -3);
  });

  test("knows nothing before anything was recorded", () => {
    expect(new LatencyHistogram().percentileMs(99)).toBeNaN();
  });
});
