import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fact, type Observation, OBSERVATION_KINDS } from "../fact.ts";
import { executionIdOf, jobIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { MANY_PARTITIONS } from "./record-format.ts";
import { RecordReader, type Section } from "./record-reader.ts";
import { encodeRecord } from "./record-writer.ts";

const anyReader = new RecordReader();
const RECEIVED = Date.UTC(2026, 10, 29, 2);

const count = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 2 ** 28, 2 ** 53 - 1),
);
const amount = fc.oneof(count, fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }));
const text = fc.string({ unit: "grapheme", maxLength: 300 });
const name = fc.oneof(fc.constantFrom("GL_EXTRACT", "Zinsläufe"), text);
const counters = fc.constantFrom(
  ["read", "written", "skipped", "rolledBack", "filtered"],
  ["written", "read"],
  ["filtered"],
  [],
);
const optional = fc.record(
  {
    clamped: fc.constant(true as const),
    historical: fc.constant(true as const),
    parent: fc.constant({ executionId: "e", namespace: "n", name: "p", runKey: "k" }),
    stage: fc.record({ name, index: count }, { requiredKeys: ["name"] }),
    progress: fc.record({ done: amount, total: amount, unit: name }, { requiredKeys: ["done"] }),
    counters: fc
      .tuple(counters, count)
      .map(([names, value]) =>
        Object.fromEntries(names.map((key, at) => [key, value - (value % (at + 1))])),
      ),
    message: text,
    params: fc.dictionary(text, text, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
const observation = fc
  .record({
    source: fc.constantFrom("a", "b"),
    namespace: name,
    name,
    runKey: name,
    teamId: name,
    kind: fc.constantFrom(...OBSERVATION_KINDS),
    ageMs: fc.oneof(fc.integer({ min: -300_000, max: 86_400_000 }), fc.constant(RECEIVED)),
    keyOrder: fc.boolean(),
    more: optional,
  })
  .map(({ source, ageMs, more, keyOrder, ...said }): Observation => {
    const entries = Object.entries(more);
    return {
      type: "observation",
      jobId: jobIdOf(source, said.namespace, said.name),
      executionId: executionIdOf(source, said.namespace, said.name, said.runKey),
      namespace: said.namespace,
      name: said.name,
      teamId: said.teamId,
      runKey: said.runKey,
      kind: said.kind,
      occurredAt: RECEIVED - ageMs,
      ...(Object.fromEntries(keyOrder ? entries : entries.toReversed()) as Partial<Observation>),
    };
  });
const note = fc.record({ body: text, name }).map((said): Fact => ({
  type: "lineage",
  noteId: "note",
  subject: "job",
  namespace: "n",
  occurredAt: RECEIVED,
  ...said,
}));
const fact: fc.Arbitrary<Fact> = fc.oneof({ arbitrary: observation, weight: 9 }, note);
const sections: fc.Arbitrary<readonly Section[]> = fc.uniqueArray(
  fc.record({
    partition: fc.nat({ max: LIMITS.partitions - 1 }),
    facts: fc.array(fact, { maxLength: 12, minLength: 1 }).map((facts) =>
      // Facts of one run often stand together.
      facts.flatMap((one) => [one, one]),
    ),
  }),
  { selector: (section) => section.partition, maxLength: 5 },
);

function encoded(of: readonly Section[]): Uint8Array {
  return encodeRecord(new Map(of.map(({ partition, facts }) => [partition, facts])), RECEIVED);
}

describe("a journal record", () => {
  it("[UNIT-10] gives back the same facts, members in the same order, whatever was read before", () => {
    const reader = new RecordReader();
    fc.assert(
      fc.property(sections, (given) => {
        const read = reader.read(encoded(given), MANY_PARTITIONS);
        expect(read).toEqual(given);
        expect(JSON.stringify(read)).toBe(JSON.stringify(given));
      }),
      { numRuns: 300 },
    );
  });

  it("[UNIT-8] passes over the partitions of other shards", () => {
    fc.assert(
      fc.property(sections, fc.integer({ min: 1, max: 5 }), (given, shards) => {
        const bytes = encoded(given);
        const hosted = Array.from({ length: shards }, (_, shard) =>
          new RecordReader().read(bytes, MANY_PARTITIONS, (p) => p % shards === shard),
        );
        const inOrder = (list: readonly Section[]) =>
          list.toSorted((a, b) => a.partition - b.partition);
        expect(inOrder(hosted.flat())).toEqual(inOrder(given));
      }),
    );
  });

  it("[SET-4] names the job that a run belongs to now, whichever it was written with before", () => {
    const names = ["s", "bench", "job"] as const;
    const [jobId, renamed] = [jobIdOf(...names), jobIdOf("s", "bench", "old")];
    const executionId = executionIdOf(...names, "r");
    for (const id of [jobId, renamed, jobId]) {
      const given: Observation = {
        type: "observation",
        jobId: id,
        executionId,
        namespace: "bench",
        name: "job",
        teamId: "default",
        runKey: "r",
        kind: "log",
        occurredAt: RECEIVED,
      };
      const bytes = encoded([{ partition: 1, facts: [given] }]);
      expect(anyReader.read(bytes, 1)).toEqual([{ partition: 1, facts: [given] }]);
    }
  });

  it("is refused when it is cut short, and never read beyond its end", () => {
    fc.assert(
      fc.property(sections, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const whole = encoded(given);
        const cut = whole.subarray(0, Math.floor(share * whole.length));
        try {
          const read = anyReader.read(cut, MANY_PARTITIONS);
          // Cut between two sections: what is there is whole.
          expect(read).toEqual(given.slice(0, read.length));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it("of any bytes is read or refused, and ends", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          anyReader.read(Uint8Array.of(2, ...bytes), MANY_PARTITIONS);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(() => new RecordReader().read(new Uint8Array(0), 0)).toThrow(RangeError);
    expect(() => new RecordReader().read(Uint8Array.of(3), 0)).toThrow(RangeError);
  });

  it("takes a quarter of the bytes of its JSON", () => {
    const facts = Array.from({ length: 500 }, (_, job): Observation => ({
      type: "observation",
      jobId: jobIdOf("s", "bench", `job-${job}`),
      executionId: executionIdOf("s", "bench", `job-${job}`, `run-${job}`),
      namespace: "bench",
      name: `job-${job}`,
      teamId: "default",
      runKey: `run-${job}`,
      kind: "progress",
      occurredAt: RECEIVED - 5,
      progress: { done: 1_000, total: 2_000, unit: "rows" },
      counters: { read: 1_000, written: 1_000 },
    }));
    expect(encoded([{ partition: 0, facts }]).length).toBeLessThan(
      JSON.stringify(facts).length / 4,
    );
  });
});
