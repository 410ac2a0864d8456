import { array, assert, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { progressIn } from "./listener.ts";

describe("progressIn", () => {
  test("finds what parsing would find", () => {
    assert(
      property(array(nat()), (done) => {
        const changes = done.map((value) => ({
          kind: "run",
          progress: { done: value, total: null, unit: null },
          message: null,
        }));
        const frame = Buffer.from(JSON.stringify({ result: { data: { changes } } }));
        expect(progressIn(frame)).toEqual(done);
      }),
    );
  });

  test("finds nothing in rows without progress", () => {
    expect(progressIn(Buffer.from('{"changes":[{"kind":"run","progress":null}]}'))).toEqual([]);
  });
});
