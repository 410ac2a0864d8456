import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { figuresOf, type Reading } from "./figure.ts";
import { thisMachine } from "./machine.ts";
import { tableOf, writeResult } from "./report.ts";
import type { BenchResult } from "./result.ts";

function reading(value: number, more: Partial<Reading> = {}): Reading {
  return { name: "rate", unit: "events/s", value, better: "higher", ...more };
}

const RESULT: BenchResult = {
  scenario: "example",
  commit: "none",
  date: "2026-11-24T03:00:00.000Z",
  machine: { cpu: "Example", cores: 2, memoryBytes: 2 ** 33, os: "linux", node: "v20.0.0" },
  seed: 1,
  runs: 3,
  figures: figuresOf([
    [reading(90, { bar: 100 })],
    [reading(210_000, { bar: 100 })],
    [reading(120, { bar: 100 })],
  ]),
  peers: figuresOf([[reading(7, { name: "floor" })]]),
};

describe("figuresOf", () => {
  test("takes the median, the least and the most of the runs", () => {
    expect(RESULT.figures).toEqual([
      {
        name: "rate",
        unit: "events/s",
        median: 120,
        min: 90,
        max: 210_000,
        bar: 100,
        better: "higher",
        met: true,
      },
    ]);
    expect(figuresOf([[reading(1)], [reading(2)]])[0]?.median).toBe(1.5);
  });

  test("judges the median: at the bar is met, on the wrong side is not, without a bar nothing is said", () => {
    const met = (value: number, more: Partial<Reading>): boolean | null | undefined =>
      figuresOf([[reading(value, more)]])[0]?.met;
    expect(met(100, { bar: 100 })).toBe(true);
    expect(met(99, { bar: 100 })).toBe(false);
    expect(met(100, { bar: 100, better: "lower" })).toBe(true);
    expect(met(101, { bar: 100, better: "lower" })).toBe(false);
    expect(met(101, {})).toBeNull();
  });

  test("does not call a bar met that nothing was measured for", () => {
    const lower = { bar: 100, better: "lower" } as const;
    expect(figuresOf([[reading(Number.NaN, lower)]])[0]?.met).toBe(false);
  });
});

describe("report", () => {
  test("the table names the figure, its bar, the verdict and what stands beside it", () => {
    const lines = tableOf(RESULT).split("\n");
    expect(lines[0]).toBe("example (runs 3, seed 1, commit none)");
    expect(lines[1]).toBe("Example, 2 cores, 8.0 GiB, linux, Node v20.0.0");
    expect(lines[3]).toMatch(/^rate +120 +90 +210,000 +events\/s +≥ 100 +met$/);
    expect(lines[4]).toMatch(/^beside: floor +7 +7 +7 +events\/s$/);
  });

  test("the file holds the result as it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "batchwatch-report-"));
    try {
      const path = await writeResult(join(folder, "results"), RESULT);
      expect(path.endsWith("example.json")).toBe(true);
      expect(JSON.parse(await readFile(path, "utf8"))).toEqual(RESULT);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("the machine is described in full", () => {
    const machine = thisMachine();
    expect(Object.keys(machine)).toEqual(["cpu", "cores", "memoryBytes", "os", "node"]);
    expect(machine.cores).toBeGreaterThan(0);
    expect(machine.memoryBytes).toBeGreaterThan(0);
  });
});
