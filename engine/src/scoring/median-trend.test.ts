import { describe, expect, it } from "vitest";
import { median, medianTrend } from "./median-trend.ts";

describe("median trend", () => {
  it("takes the middle, or the mean of the two middles", () => {
    expect(median([])).toBeNull();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it("is learning below 16 successful runs", () => {
    expect(medianTrend(Array.from({ length: 15 }, () => 10)).direction).toBe("LEARNING");
  });

  it.each([
    [110, "DEGRADING", 0.1],
    [90, "IMPROVING", -0.1],
    [104, "STABLE", 0.04],
  ] as const)("judges a recent median of %d against 100 as %s", (recent, direction, ratio) => {
    const durations = [
      ...Array.from({ length: 8 }, () => recent),
      ...Array.from({ length: 8 }, () => 100),
    ];
    const trend = medianTrend(durations);
    expect(trend.direction).toBe(direction);
    expect(trend.changeRatio).toBeCloseTo(ratio);
  });

  it("stays stable where the earlier median is zero", () => {
    expect(medianTrend(Array.from({ length: 16 }, () => 0))).toMatchObject({
      direction: "STABLE",
      changeRatio: null,
    });
  });
});
