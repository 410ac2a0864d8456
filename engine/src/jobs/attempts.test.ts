import { describe, expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import { LIMITS } from "../model/limits.ts";
import { randomOf } from "../ports/random.ts";
import { DigestRing } from "./run-digest.ts";
import { EVERY, factsOf, logOf, Life, runOf } from "./test-life.ts";

const RUNS = 200;

const ALL = Array.from({ length: RUNS }, (_, n) => factsOf(n + 1)).flat();

/** What the store must tell of them in the end. */
const NUMBERED = Array.from({ length: RUNS }, (_, n) => ({
  executionId: runOf(n + 1),
  attempt: n + 1,
  restartedFrom: n === 0 ? null : runOf(n),
  triggerKind: n === 0 ? "SCHEDULED" : "RERUN",
}));

function told(life: Life): unknown {
  return life.columns().map(({ executionId, attempt, restartedFrom, triggerKind }) => ({
    executionId,
    attempt,
    restartedFrom,
    triggerKind,
  }));
}

/** Facts up to twenty runs late, and the places where a unit is saved. */
function disorder(seed: number): {
  readonly facts: readonly Observation[];
  readonly cuts: Set<number>;
} {
  const random = randomOf(seed, "attempts");
  const facts = ALL.map((one) => {
    const late = random() < 0.2 ? Math.floor(random() * 20) * EVERY : 0;
    return { one, heardAt: one.occurredAt + late };
  });
  const cuts = new Set([...ALL.keys()].filter(() => random() < 0.15 + 0.2 * (seed % 4)));
  return { facts: facts.sort((a, b) => a.heardAt - b.heardAt).map(({ one }) => one), cuts };
}

/** Of the new one twice or thrice, and each time of the ended ones in memory. */
const FEW_ROWS = 3 * (LIMITS.endedRunsInMemory + 1);
const SEEDS = Array.from({ length: 4 }, (_, seed) => seed);

describe("more runs of one business date than a job remembers [RUN-5, RUN-6, I2]", () => {
  it("are numbered through, and a new one saves few rows", () => {
    const life = new Life();
    const rows: number[] = [];
    for (let n = 1; n <= RUNS; n += 1) {
      const before = life.rowsSaved;
      for (const one of factsOf(n)) {
        life.hear(one);
        life.settle();
      }
      rows.push(life.rowsSaved - before);
    }
    expect(told(life)).toEqual(NUMBERED);
    expect(Math.max(...rows)).toBeLessThanOrEqual(FEW_ROWS);
  });

  it.each(SEEDS)("are numbered through in whatever order they come and are saved (%i)", (seed) => {
    const { facts, cuts } = disorder(seed);
    const life = new Life();
    for (const [at, one] of facts.entries()) {
      life.hear(one);
      if (cuts.has(at)) life.cut();
    }
    life.settle();
    expect(told(life)).toEqual(NUMBERED);
  });

  it.each(SEEDS.flatMap((seed) => [[seed, "kept"] as const, [seed, "lost"] as const]))(
    "are numbered through where the program starts again (%i), its state %s",
    (seed, state) => {
      const { facts, cuts } = disorder(seed);
      const random = randomOf(seed, "restarts");
      const life = new Life();
      for (const [at, one] of facts.entries()) {
        life.hear(one);
        if (cuts.has(at)) life.cut();
        if (random() < 0.05) life.restart(state);
      }
      life.settle();
      expect(told(life)).toEqual(NUMBERED);
    },
  );

  it.each(["kept", "lost"] as const)("nothing is saved anew after a start, state %s", (state) => {
    const life = new Life();
    for (const [at, one] of ALL.entries()) {
      life.hear(one);
      if (at % 2 === 1) life.settle();
    }
    const before = life.rowsSaved;
    life.restart(state);
    life.settle();
    expect(life.rowsSaved).toBe(before);
    for (const one of factsOf(RUNS + 1)) life.hear(one);
    life.settle();
    expect(life.columns().at(-1)).toMatchObject({ attempt: RUNS + 1, restartedFrom: runOf(RUNS) });
    expect(life.rowsSaved - before).toBeLessThanOrEqual(FEW_ROWS);
  });

  it("what is told of one that was forgotten counts it no second time", () => {
    const life = new Life();
    for (const [at, one] of ALL.entries()) {
      life.hear(one);
      if (at % 2 === 1) life.settle();
    }
    for (const n of [1, 70, RUNS - LIMITS.digestsPerJob]) {
      life.hear(logOf(n));
      life.settle();
    }
    for (const one of factsOf(RUNS + 1)) life.hear(one);
    life.settle();
    expect(told(life)).toEqual([
      ...NUMBERED,
      {
        executionId: runOf(RUNS + 1),
        attempt: RUNS + 1,
        restartedFrom: runOf(RUNS),
        triggerKind: "RERUN",
      },
    ]);
  });

  it("one that ends when the job has long forgotten it is counted once and keeps its number", () => {
    const life = new Life();
    const long = 10;
    for (let n = 1; n <= RUNS; n += 1) {
      const facts = n === RUNS ? [...factsOf(long).slice(1), ...factsOf(n)] : factsOf(n);
      for (const one of n === long ? facts.slice(0, 1) : facts) life.hear(one);
      life.settle();
      if (n === RUNS / 2) life.restart("kept");
    }
    expect(told(life)).toEqual(NUMBERED);
    expect(life.columns()[long - 1]).toMatchObject({ state: "failed" });
    expect(life.rows.get(runOf(long))).toMatchObject({ state: "failed", attempt: long });
  });

  it("a job remembers what they left behind no longer than one of them [I6]", () => {
    const life = new Life();
    const days = Array.from({ length: 3 }, (_, day) => `2026-11-2${4 + day}`);
    for (let n = 1; n <= 3 * 70; n += 1) {
      for (const one of factsOf(n, days[Math.floor((n - 1) / 70)])) life.hear(one);
      life.settle();
      const { digests, left = [] } = life.memory();
      const { items } = new DigestRing(digests);
      const remembered = new Set(items.map(({ instanceKey }) => instanceKey));
      expect(left.filter(({ instanceKey }) => !remembered.has(instanceKey))).toEqual([]);
    }
    expect(life.columns().map(({ attempt }) => attempt)).toEqual(
      days.flatMap(() => Array.from({ length: 70 }, (_, n) => n + 1)),
    );
    expect(life.memory().left).toEqual([
      { instanceKey: `date:${days[2]}`, attempts: 6, last: runOf(2 * 70 + 6) },
    ]);
  });
});
