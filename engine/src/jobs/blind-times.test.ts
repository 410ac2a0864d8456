import { expect, it } from "vitest";
import type { BlindInterval } from "../model/blind-interval.ts";
import { LIMITS } from "../model/limits.ts";
import { BlindTimes } from "./blind-times.ts";

const T0 = Date.parse("2026-11-24T02:00:00.000Z");

function blind(id: number, until: number | null): BlindInterval {
  const from = T0 + id;
  return { intervalId: String(id), sourceId: `s${id}`, reason: "SOURCE_SILENT", from, until };
}

it("[CLOCK-8] a silence is not forgotten while it lasts, however many others begin or end", () => {
  const times = new BlindTimes();
  const count = 2 * LIMITS.blindIntervals;
  for (let id = 0; id < count; id += 1) times.put([blind(id, null)]);
  for (let id = count; id < 2 * count; id += 1) times.put([blind(id, T0 + 2 * count)]);
  expect(times.silence("s0")).toEqual(blind(0, null));
  expect(times.at(T0 + 1_000, T0 + 2_000, "s0")).toMatchObject({ interval: blind(0, null) });
  expect(times.intervals).toHaveLength(count + LIMITS.blindIntervals);
});
