import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedEncoder } from "./shared-encoder.ts";

describe("the shared encoder", () => {
  it("says what JSON.stringify says, for every message", () => {
    const item = fc.oneof(fc.object(), fc.jsonValue());
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({
        id: fc.integer(),
        jsonrpc: fc.constant("2.0"),
        result: fc.record({ type: fc.constant("data"), id: fc.string(), data: item }),
      }),
      fc.record({ id: fc.integer(), error: fc.object() }),
      fc.record({ result: fc.record({ data: item }) }),
    );
    fc.assert(
      fc.property(message, (one) => {
        const plain: unknown = JSON.parse(JSON.stringify(one));
        expect(JSON.parse(sharedEncoder.encode(one))).toEqual(plain);
        expect(JSON.parse(sharedEncoder.encode(one))).toEqual(plain);
      }),
    );
  });

  it("serialises an item once for all its readers", () => {
    let times = 0;
    const data = {
      toJSON: () => {
        times += 1;
        return { type: "heartbeat" };
      },
    };
    for (const id of [1, 2, 3]) {
      const text = sharedEncoder.encode({ id, result: { type: "data", id: "e:1", data } });
      expect(JSON.parse(text)).toEqual({
        id,
        result: { type: "data", id: "e:1", data: { type: "heartbeat" } },
      });
    }
    expect(times).toBe(1);
  });

  it("reads frames strictly: not deep, not many calls, no key that reaches a prototype", () => {
    const bytes = new TextEncoder().encode('{"id":1}');
    expect(sharedEncoder.decode(bytes)).toEqual({ id: 1 });
    for (const frame of [
      "[".repeat(40_000),
      `[${"1,".repeat(49_999)}1]`,
      '{"__proto__":{}}',
      "{",
    ]) {
      expect(() => sharedEncoder.decode(frame)).toThrow(/deeper|at most|not allowed|must be JSON/);
    }
  });
});
