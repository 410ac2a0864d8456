import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { NativeObservation } from "./native-observation.ts";
import { sampleNight } from "./sample-night.ts";

const HOUR_MS = 3_600_000;
const OPTIONS = { seed: 7, businessDate: "2026-11-23", startsAt: Date.UTC(2026, 10, 23, 22) };
const night = sampleNight(OPTIONS);
const bodies = night.map((item) => item.body);

function of(job: string, kind?: NativeObservation["kind"]): readonly NativeObservation[] {
  return bodies.filter(
    (body) => body.job.name === job && (kind === undefined || body.kind === kind),
  );
}

/** Of whole runs, not of stages. */
function ofRuns(job: string, kind: NativeObservation["kind"]): readonly NativeObservation[] {
  return of(job, kind).filter((body) => body.stage === undefined);
}

function key(set: { namespace: string; name: string }): string {
  return `${set.namespace}/${set.name}`;
}

function only<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`${items.length} instead of one`);
  return item;
}

describe("the sample night", () => {
  test("has 60 jobs of six teams, 2 to 6 stages each", () => {
    expect(new Set(bodies.map((body) => body.job.name)).size).toBe(60);
    expect(new Set(bodies.map((body) => body.job.team)).size).toBe(6);
    expect(new Set(bodies.map((body) => body.job.namespace))).toEqual(new Set(["sample-bank"]));
    const stages = bodies.flatMap((body) =>
      body.stage === undefined ? [] : [[body.job.name, body.stage.name] as const],
    );
    for (const job of new Set(stages.map(([name]) => name))) {
      const names = new Set(stages.filter(([name]) => name === job).map(([, stage]) => stage));
      expect(names.size).toBeGreaterThanOrEqual(2);
      expect(names.size).toBeLessThanOrEqual(6);
    }
  });

  test("is the same bytes for the same seed, and others for another", () => {
    expect(JSON.stringify(sampleNight(OPTIONS))).toBe(JSON.stringify(night));
    expect(JSON.stringify(sampleNight({ ...OPTIONS, seed: 8 }))).not.toBe(JSON.stringify(night));
  });

  test("ascends in time and lasts five to eight hours, whatever the seed", () => {
    const seeds = integer({ min: 0, max: 2 ** 31 });
    assert(
      property(seeds, (seed) => {
        const times = sampleNight({ ...OPTIONS, seed }).map((item) => item.at);
        const lastsMs = (times.at(-1) ?? 0) - OPTIONS.startsAt;
        return (
          times.every((at, index) => index === 0 || at >= (times[index - 1] ?? 0)) &&
          lastsMs >= 5 * HOUR_MS &&
          lastsMs <= 8 * HOUR_MS
        );
      }),
      { numRuns: 20 },
    );
  });

  test("runs faster at another speed, and says the same", () => {
    const fast = sampleNight({ ...OPTIONS, speed: 60 });
    expect(fast).toHaveLength(night.length);
    const lasts = (items: typeof night): number => (items.at(-1)?.at ?? 0) - OPTIONS.startsAt;
    expect(lasts(fast) * 60).toBeCloseTo(lasts(night), -2);
  });

  test("is sent when it happens, but announcements a little before their time", () => {
    for (const { at, body } of night) {
      const aheadMs = Date.parse(body.at) - at;
      expect(aheadMs).toBe(body.kind === "scheduled" ? 240_000 : 0);
    }
  });

  test("runs take 4 to 70 minutes", () => {
    for (const job of new Set(bodies.map((body) => body.job.name))) {
      const started = ofRuns(job, "started").at(-1);
      const ended = ofRuns(job, "succeeded").at(-1);
      if (started === undefined || ended === undefined) continue;
      const minutes = (Date.parse(ended.at) - Date.parse(started.at)) / 60_000;
      expect(minutes).toBeGreaterThanOrEqual(4);
      expect(minutes).toBeLessThanOrEqual(70);
    }
  });

  test("counts up: progress and counters of a stage never fall", () => {
    const before = new Map<string, number>();
    for (const body of bodies) {
      if (body.stage === undefined || body.progress === undefined) continue;
      const stage = `${body.run.id}/${body.stage.name}`;
      expect(body.progress.done).toBeGreaterThanOrEqual(before.get(stage) ?? 0);
      expect(body.progress.done).toBeLessThanOrEqual(body.progress.total ?? 0);
      before.set(stage, body.progress.done);
    }
    expect(before.size).toBeGreaterThan(120);
  });
});

describe("what goes wrong in it", () => {
  test("a failure, and a second attempt of the same business date that succeeds", () => {
    const job = "settlement-file-import";
    const failed = only(ofRuns(job, "failed"));
    const succeeded = only(ofRuns(job, "succeeded"));
    expect(succeeded.run.id).not.toBe(failed.run.id);
    expect(succeeded.at > failed.at).toBe(true);
    const dates = ofRuns(job, "started").map((body) => body.params?.["businessDate"]);
    expect(dates).toEqual(["2026-11-23", "2026-11-23"]);
    expect(failed.message).toContain("4111 1111 1111 1111");
    expect(failed.message).toMatch(/\S+@\S+/);
  });

  test("a stall: a stage's commits stop for 25 minutes and then go on", () => {
    const commits = of("exposure-aggregation").filter((body) => body.stage?.index === 2);
    const times = commits.map((body) => Date.parse(body.at));
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const long = only(gaps.filter((gapMs) => gapMs > 2 * 60_000));
    expect(long).toBeGreaterThanOrEqual(25 * 60_000);
    expect(gaps.indexOf(long)).toBeLessThan(gaps.length - 1);
    expect(gaps.indexOf(long)).toBeGreaterThan(0);
    only(ofRuns("exposure-aggregation", "succeeded"));
  });

  test("a late start, announced beforehand", () => {
    const nominal = Date.parse(only(ofRuns("card-statement-print", "scheduled")).at);
    const started = Date.parse(only(ofRuns("card-statement-print", "started")).at);
    expect(started - nominal).toBeGreaterThanOrEqual(40 * 60_000);
    expect(started - nominal).toBeLessThan(42 * 60_000);
  });

  test("a failure that holds up three others: two start late, one is stopped", () => {
    const failedAt = Date.parse(only(ofRuns("collateral-revaluation", "failed")).at);
    expect(ofRuns("collateral-revaluation", "succeeded")).toHaveLength(0);
    for (const job of ["loan-provisions", "margin-calls"]) {
      const nominal = Date.parse(only(ofRuns(job, "scheduled")).at);
      const started = Date.parse(only(ofRuns(job, "started")).at);
      expect(nominal).toBeGreaterThan(failedAt);
      expect(started - nominal).toBeGreaterThanOrEqual(75 * 60_000);
    }
    only(ofRuns("collateral-report", "scheduled"));
    only(ofRuns("collateral-report", "stopped"));
    expect(ofRuns("collateral-report", "started")).toHaveLength(0);
  });

  test("nothing else fails, and every other run succeeds", () => {
    const bad = bodies.filter((body) => body.kind === "failed" || body.kind === "stopped");
    expect(new Set(bad.map((body) => body.job.name))).toEqual(
      new Set(["settlement-file-import", "collateral-revaluation", "collateral-report"]),
    );
    const good = bodies.filter((body) => body.kind === "succeeded" && body.stage === undefined);
    expect(good).toHaveLength(58);
  });
});

describe("lineage", () => {
  test("every parent is a run that goes on around its children", () => {
    const children = bodies.filter((body) => body.run.parent !== undefined);
    expect(new Set(children.map((body) => body.job.name)).size).toBe(6);
    for (const child of children) {
      if (child.kind === "scheduled") continue;
      const parent = child.run.parent;
      const own = bodies.filter(
        (body) => body.run.id === parent?.run.id && body.kind !== "scheduled",
      );
      expect(own[0]?.job.name).toBe(parent?.job.name);
      expect(own[0]?.job.namespace).toBe(parent?.job.namespace);
      expect((own[0]?.at ?? "") <= child.at).toBe(true);
      expect((own.at(-1)?.at ?? "") >= child.at).toBe(true);
    }
  });

  test("every input is another job's output", () => {
    const started = bodies.filter((body) => body.datasets !== undefined);
    const outputs = new Map(
      started.flatMap((body) => (body.datasets?.out ?? []).map((set) => [key(set), body.job.name])),
    );
    const inputs = started.flatMap((body) =>
      (body.datasets?.in ?? []).map((set) => ({ set: key(set), job: body.job.name })),
    );
    expect(inputs.length).toBeGreaterThan(40);
    for (const { set, job } of inputs) {
      expect(outputs.has(set), `${job} reads ${set}`).toBe(true);
      expect(outputs.get(set)).not.toBe(job);
    }
  });
});
