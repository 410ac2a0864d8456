import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../model/fact.ts";
import { joinFact } from "./join-fact.ts";
import { joinSummary } from "./join.ts";
import { emptySummary } from "./run-summary.ts";
import { decodeSummary, encodeSummary } from "./summary-codec.ts";

const time = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_020 });
const count = fc.integer({ min: 0, max: 5 });
const word = fc.constantFrom("a", "b", "c", "__proto__", "toString");

const fact: fc.Arbitrary<Observation> = fc
  .record(
    {
      kind: fc.constantFrom(
        "scheduled" as const,
        "started" as const,
        "progress" as const,
        "succeeded" as const,
        "failed" as const,
        "stopped" as const,
        "log" as const,
      ),
      occurredAt: time,
      historical: fc.constant(true as const),
      stage: fc.record({ name: word, index: count }),
      progress: fc.record({ done: count, total: count }),
      counters: fc.record({ read: count, written: count }),
      message: word,
      nominalAt: time,
      businessDate: fc.constantFrom("2026-11-10", "2026-11-11"),
      params: fc.dictionary(word, word, { noNullPrototype: true }),
      outputs: fc.array(fc.record({ namespace: word, name: word, rows: count }), { maxLength: 2 }),
    },
    { requiredKeys: ["kind", "occurredAt"] },
  )
  .map((part) => ({
    type: "observation",
    jobId: "job",
    executionId: "run",
    namespace: "n",
    name: "job",
    teamId: "team",
    runKey: "1",
    ...part,
  }));

/** A fact and how long after it occurred it was received, ms. */
const received = fc.tuple(fact, fc.integer({ min: -3, max: 5 }));

function fold(facts: readonly (readonly [Observation, number])[]): string {
  const run = emptySummary("run", "job", "1");
  for (const [one, lagMs] of facts) joinFact(run, one, one.occurredAt + lagMs);
  return encodeSummary(run);
}

describe("a run is a join of its facts [RUN-1, I2]", () => {
  it("gives the same summary in any order and with repeats", () => {
    fc.assert(
      fc.property(
        fc.array(received, { minLength: 1, maxLength: 12 }).chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts, ...facts], {
              minLength: facts.length * 2,
              maxLength: facts.length * 2,
            }),
          ),
        ),
        ([facts, doubledAndShuffled]) => {
          expect(fold(doubledAndShuffled)).toBe(fold(facts));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("joins two halves to the same summary as all facts together", () => {
    fc.assert(
      fc.property(
        fc.array(received, { maxLength: 6 }),
        fc.array(received, { maxLength: 6 }),
        (a, b) => {
          const left = decodeSummary(fold(a));
          joinSummary(left, decodeSummary(fold(b)));
          expect(encodeSummary(left)).toBe(fold([...b, ...a]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("[RUN-2] lets the worse end win at the same instant, and the later one otherwise", () => {
    const base = {
      type: "observation",
      jobId: "j",
      executionId: "r",
      namespace: "",
      name: "j",
      teamId: "t",
      runKey: "1",
    } as const;
    const run = emptySummary("r", "j", "1");
    joinFact(run, { ...base, kind: "succeeded", occurredAt: 5 }, 5);
    joinFact(run, { ...base, kind: "stopped", occurredAt: 5 }, 5);
    expect(run.end?.state).toBe("stopped");
    joinFact(run, { ...base, kind: "failed", occurredAt: 5, message: "no file" }, 5);
    joinFact(run, { ...base, kind: "stopped", occurredAt: 5 }, 5);
    expect(run.end?.state).toBe("failed");
    joinFact(run, { ...base, kind: "succeeded", occurredAt: 6 }, 6);
    expect(run.end?.state).toBe("succeeded");
    expect(run.errors).toHaveLength(1);
  });

  it("shares nothing that changes with another run", () => {
    const said: Observation = {
      type: "observation",
      jobId: "job",
      executionId: "run",
      namespace: "n",
      name: "job",
      teamId: "team",
      runKey: "1",
      kind: "progress",
      occurredAt: 1_700_000_000_000,
      stage: { name: "load" },
      progress: { done: 1 },
      params: { a: "1" },
    };
    const [one, other] = [emptySummary("run", "job", "1"), emptySummary("run", "job", "1")];
    joinFact(one, said, said.occurredAt);
    expect(other).toEqual(emptySummary("run", "job", "1"));
    joinSummary(other, one);
    const before = encodeSummary(other);
    joinFact(
      one,
      { ...said, occurredAt: said.occurredAt + 1, progress: { done: 2 } },
      said.occurredAt + 1,
    );
    expect(encodeSummary(other)).toBe(before);
  });
});
