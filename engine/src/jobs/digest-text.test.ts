import fc from "fast-check";
import { expect, it } from "vitest";
import type { RunState } from "../model/run.ts";
import { hasDigest, packDigests, unpackDigests } from "./digest-text.ts";
import { DigestRing, newestFirst, type RunDigest } from "./run-digest.ts";

const time = fc.integer({ min: 1, max: 2_000_000_000_000 });
const state = fc.constantFrom<RunState>("scheduled", "running", "succeeded", "failed", "stopped");
const digest: fc.Arbitrary<RunDigest> = fc.record({
  executionId: fc.stringMatching(/^[0-9a-f]{4,32}$/),
  instanceKey: fc.constantFrom("date:2026-11-24", "nominal:2026-11-24T02:00:00.000Z", ""),
  orderedAt: time,
  nominalAt: fc.option(time),
  lastFactAt: time,
  state,
  durationMs: fc.option(fc.nat()),
});
const digests = fc
  .uniqueArray(digest, { selector: ({ executionId }) => executionId, maxLength: 12 })
  .map((all) =>
    all
      .map((one) => ({ ...one, instanceKey: one.instanceKey || `run:${one.executionId}` }))
      .sort(newestFirst),
  );

it("digests are the same after they were a text", () => {
  fc.assert(
    fc.property(digests, (all) => {
      const text = packDigests(all);
      expect(unpackDigests(text)).toEqual(all);
      for (const { executionId } of all) expect(hasDigest(text, executionId)).toBe(true);
      expect(hasDigest(text, "none")).toBe(false);
      // The beginning of an id is another id.
      for (const { executionId } of all) {
        const other = executionId.slice(0, -1);
        expect(hasDigest(text, other)).toBe(all.some((one) => one.executionId === other));
      }
    }),
  );
});

it("a ring answers the same whether it rests between the questions or not", () => {
  fc.assert(
    fc.property(digests, (all) => {
      const [awake, resting] = [new DigestRing(), new DigestRing()];
      for (const one of all) {
        awake.put(one);
        resting.rest();
        resting.put(one);
        resting.rest();
        expect(resting.has(one.executionId)).toBe(true);
        expect(resting.neighboursOf(one)).toEqual(awake.neighboursOf(one));
      }
      expect(new DigestRing(resting.text).items).toEqual(awake.items);
    }),
  );
});
