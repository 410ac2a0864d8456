import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, type Json, sameJson } from "./canonical.ts";
import { requestHash } from "./request-hash.ts";
import { fieldsAfter } from "./standing.ts";
import { EVERY_CHANGE } from "./test-changes.ts";

const json = fc.jsonValue() as fc.Arbitrary<Json>;

test("a value has one form, however its keys stand, and another value another form [EYES-3]", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const said = JSON.parse(canonical(a)) as Json;
      expect(canonical(said)).toBe(canonical(a));
      expect(canonical(a) === canonical(b)).toBe(sameJson(a, b));
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (record) => {
      const turned = Object.fromEntries(Object.entries(record).toReversed());
      expect(canonical(turned)).toBe(canonical(record));
    }),
  );
  expect(canonical({ b: undefined, a: -0 })).toBe('{"a":0}');
  expect(() => canonical(Number.NaN)).toThrow(TypeError);
  expect(() => canonical(undefined)).toThrow(TypeError);
});

test("kind, payload, fields and context are all in what is approved [EYES-3]", () => {
  const [{ change, before }] = EVERY_CHANGE as [(typeof EVERY_CHANGE)[number]];
  const standing = { fields: before, context: { team: "ledger" } };
  const hash = requestHash(change, standing);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    requestHash({ ...change, kind: "job-retire" } as never, standing),
    requestHash({ ...change, payload: { ...change.payload, jobId: "j2" } } as never, standing),
    requestHash(change, { ...standing, fields: { ...before, tier: 2 } }),
    requestHash(change, { ...standing, context: { team: "payments" } }),
    requestHash(change, { fields: { ...before, team: "ledger" }, context: {} }),
  ];
  expect(new Set([hash, ...others]).size).toBe(6);
  const turned = Object.fromEntries(Object.entries(before).toReversed());
  expect(requestHash(change, { ...standing, fields: turned })).toBe(hash);
});

test.each(EVERY_CHANGE)("$change.kind: what it makes has the fields that stood before", (one) => {
  expect(Object.keys(fieldsAfter(one.change)).sort()).toEqual(Object.keys(one.before).sort());
});
