import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Armed, DeadlineHeap } from "./deadline-heap.ts";

interface Item extends Armed {
  readonly id: number;
}

describe("the heap of deadlines [CLOCK-12]", () => {
  it("gives what a sorted list would, however items are armed again and taken out", () => {
    const step = fc.record({
      id: fc.nat({ max: 12 }),
      at: fc.oneof(fc.nat({ max: 50 }), fc.constant(Number.POSITIVE_INFINITY)),
      takeUntil: fc.option(fc.nat({ max: 50 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const items = Array.from({ length: 13 }, (_, id): Item => {
          return { id, heapIndex: -1, armedAt: Number.POSITIVE_INFINITY };
        });
        const heap = new DeadlineHeap<Item>();
        const model = new Map<number, number>();
        for (const { id, at, takeUntil } of steps) {
          const item = items[id];
          if (item === undefined) continue;
          heap.arm(item, at);
          if (at === Number.POSITIVE_INFINITY) model.delete(id);
          else model.set(id, at);
          if (takeUntil !== null) {
            const taken = heap.takeDue(takeUntil);
            const earliest = Math.min(...model.values());
            if (earliest > takeUntil) expect(taken).toBeNull();
            else {
              expect(model.get(taken?.id ?? -1)).toBe(earliest);
              model.delete(taken?.id ?? -1);
            }
          }
          expect(heap.size).toBe(model.size);
          expect(heap.nextAt).toBe(Math.min(...model.values()));
        }
      }),
    );
  });
});
