import fc from "fast-check";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Firings } from "./firings.ts";
import { inferSchedule, type PastInstance } from "./infer.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const at = (text: string) => Date.parse(text);
const START = "2026-05-04T00:00Z";

/** A small generator of its own, so that a failing case is the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Past {
  readonly expression: string;
  readonly zone?: string;
  readonly from?: string;
  readonly count: number;
  /** Most starts come within this after their time, a few later. */
  readonly jitterMs: number;
}

/** Starts of a job that keeps to a schedule: at least 2 s late, one in ten up to three times as late as usual. */
function pastOf({
  expression,
  zone = "Europe/Paris",
  from = START,
  count,
  jitterMs,
}: Past): PastInstance[] {
  const random = randomOf(expression.length * 7 + count);
  return new Firings(expression, zone).between(at(from), Infinity, count).map((due) => ({
    at: due + 2 * SECOND_MS + random() * jitterMs * (random() < 0.1 ? 3 : 1),
    nominalAt: null,
  }));
}

describe("[SCHED-8] a schedule that was kept is found", () => {
  it.each<[string, number, number]>([
    ["* * * * *", 64, 3 * SECOND_MS],
    ["*/5 * * * *", 64, 20 * SECOND_MS],
    ["*/15 * * * *", 30, 40 * SECOND_MS],
    ["7-59/15 * * * *", 30, 40 * SECOND_MS],
    ["*/15 8-17 * * *", 320, 40 * SECOND_MS],
    ["10 * * * *", 40, 90 * SECOND_MS],
    ["5 */6 * * *", 40, 60 * SECOND_MS],
    ["30 6,12,18 * * *", 40, 60 * SECOND_MS],
    ["30 2 * * *", 10, 60 * SECOND_MS],
    ["20 23 * * 1-5", 30, 3 * MINUTE_MS],
    ["0 4 * * 1,4", 12, 60 * SECOND_MS],
    ["0 7 * * 0", 6, 60 * SECOND_MS],
    ["15 1 1 * *", 8, 60 * SECOND_MS],
    ["15 1 1,15 * *", 16, 60 * SECOND_MS],
    ["0 22 L * *", 12, 60 * SECOND_MS],
  ])("%s, from %i starts", (expression, count, jitterMs) => {
    const proposal = inferSchedule(pastOf({ expression, count, jitterMs }), "Europe/Paris");
    expect(proposal).toMatchObject({ expression, zone: "Europe/Paris", fromNominal: false });
    expect(proposal?.confidence).toBeGreaterThan(0.75);
  });

  it("five days are enough for a guess, and its confidence says how little that is", () => {
    const five = inferSchedule(
      pastOf({ expression: "30 2 * * *", count: 5, jitterMs: 1_000 }),
      "Europe/Paris",
    );
    expect(five).toMatchObject({ expression: "30 2 * * *", matched: 5, of: 5 });
    expect(five?.confidence).toBeGreaterThan(0.5);
    expect(five?.confidence).toBeLessThan(0.75);
    const four = pastOf({ expression: "30 2 * * *", count: 4, jitterMs: 1_000 });
    expect(inferSchedule(four, "Europe/Paris")).toBeNull();
  });

  it("starts that scatter by ten minutes give a time on the grid of five, not after the first of them", () => {
    const past = pastOf({ expression: "0 2 * * *", count: 30, jitterMs: 10 * MINUTE_MS });
    expect(inferSchedule(past, "Europe/Paris")).toMatchObject({ expression: "0 2 * * *" });
  });

  it("runs by hand and a missed day lower the confidence, not the time", () => {
    const past = pastOf({ expression: "30 2 * * *", count: 30, jitterMs: 30 * SECOND_MS });
    const byHand = [3, 11, 19].map((day) => ({
      at: at(START) + day * DAY_MS + 14 * HOUR_MS + day * 7 * MINUTE_MS,
      nominalAt: null,
    }));
    const clean = inferSchedule(past, "Europe/Paris");
    const disturbed = inferSchedule([...past.toSpliced(8, 2), ...byHand], "Europe/Paris");
    expect(disturbed).toMatchObject({ expression: "30 2 * * *", matched: 28, of: 30 });
    expect(disturbed?.confidence).toBeLessThan(clean?.confidence ?? 0);
    expect(disturbed?.confidence).toBeGreaterThan(0.7);
  });

  it("a schedule that changed is found from its newer half", () => {
    const before = pastOf({ expression: "30 2 * * *", count: 20, jitterMs: 30 * SECOND_MS });
    const after = pastOf({
      expression: "45 4 * * *",
      from: "2026-05-24T04:00Z",
      count: 20,
      jitterMs: 30 * SECOND_MS,
    });
    expect(inferSchedule([...before, ...after], "Europe/Paris")).toMatchObject({
      expression: "45 4 * * *",
    });
  });

  it("nominal times count before starts, to the minute", () => {
    const past = pastOf({ expression: "37 2 * * 1-5", count: 15, jitterMs: 2 * HOUR_MS }).map(
      ({ at: began }) => ({
        at: began,
        nominalAt:
          new Firings("37 2 * * 1-5", "Europe/Paris").between(began - DAY_MS, began, 5).at(-1) ??
          null,
      }),
    );
    expect(inferSchedule(past, "Europe/Paris")).toMatchObject({
      expression: "37 2 * * 1-5",
      fromNominal: true,
      workdays: [1, 2, 3, 4, 5],
    });
  });

  it("a clock change decides between the zone and UTC", () => {
    for (const zone of ["Europe/Paris", "UTC"]) {
      const past = pastOf({
        expression: "30 2 * * *",
        zone,
        from: "2026-03-15T00:00Z",
        count: 30,
        jitterMs: 20_000,
      });
      expect(inferSchedule(past, "Europe/Paris")).toMatchObject({ expression: "30 2 * * *", zone });
    }
  });
});

describe("[SCHED-8] what cron cannot say, or nobody meant, is not proposed", () => {
  it("two times a day with different minutes, and every second week", () => {
    const two = [
      ...pastOf({ expression: "15 6 * * *", count: 30, jitterMs: 10_000 }),
      ...pastOf({ expression: "40 18 * * *", count: 30, jitterMs: 10_000 }),
    ];
    expect(inferSchedule(two, "Europe/Paris")).toBeNull();
    const fortnights = pastOf({ expression: "0 6 * * 1", count: 30, jitterMs: 10_000 }).filter(
      (_, index) => index % 2 === 0,
    );
    expect(inferSchedule(fortnights, "Europe/Paris")).toBeNull();
  });

  const DISTANCES: Readonly<Record<string, (next: () => number) => number>> = {
    "as a Poisson process": (next) => -Math.log(1 - next()),
    "at any time around each period": (next) => 0.5 + next(),
  };
  it.each(Object.entries(DISTANCES))(
    "random starts %s: at most 1 of 100 pasts",
    (_name, distance) => {
      const proposals: unknown[] = [];
      let pasts = 0;
      for (const meanMs of [MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 30 * DAY_MS]) {
        for (const count of [5, 8, 12, 20, 40, 64]) {
          for (let repeat = 0; repeat < 10; repeat++) {
            const next = randomOf(++pasts * 2_654_435_761);
            let now = at(START);
            const past = Array.from({ length: count }, (): PastInstance => {
              now += meanMs * distance(next);
              return { at: Math.round(now), nominalAt: null };
            });
            const proposal = inferSchedule(past, "Europe/Paris");
            if (proposal !== null) proposals.push({ meanMs, count, proposal });
          }
        }
      }
      expect(proposals.length, JSON.stringify(proposals)).toBeLessThanOrEqual(pasts / 100);
    },
    60_000,
  );

  it("is total and does not depend on the order of instances", () => {
    const instance = fc.record({
      at: fc.integer({ min: 0, max: 4e12 }),
      nominalAt: fc.option(fc.integer({ min: 0, max: 4e12 })),
    });
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 20 }), (past) => {
        expect(inferSchedule(past.toReversed(), "UTC")).toEqual(inferSchedule(past, "UTC"));
      }),
      { numRuns: 50 },
    );
  });
});

const folder = join(process.env["BATCHWATCH_TEST_DATA"] ?? "../shared/data", "job-runtimes");

describe("[SCHED-8] recorded starts that kept to no schedule", () => {
  if (!existsSync(folder)) {
    it.skip("20 series of benchmark runs: no data at BATCHWATCH_TEST_DATA", () => {});
    return;
  }
  it("20 series of benchmark runs, 64 at a time: never proposed", () => {
    const proposals: string[] = [];
    let windows = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".csv"))) {
      const [header = "", ...lines] = readFileSync(join(folder, file), "utf8").trim().split("\n");
      const column = header.split(",").indexOf("starttime");
      const starts = lines
        .map((line) =>
          Date.parse(`${line.split(",")[column]?.trim().replace(" ", "T").slice(0, 19)}Z`),
        )
        .sort((a, b) => a - b);
      for (let from = 0; from + 64 <= starts.length; from += 640) {
        windows += 1;
        const past = starts.slice(from, from + 64).map((start) => ({ at: start, nominalAt: null }));
        const proposal = inferSchedule(past, "America/Los_Angeles");
        if (proposal !== null) proposals.push(`${file} ${from}: ${JSON.stringify(proposal)}`);
      }
    }
    expect(windows).toBeGreaterThan(80);
    expect(proposals).toEqual([]);
  }, 60_000);
});
