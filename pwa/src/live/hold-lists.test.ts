import fc from "fast-check";
import { expect, test } from "vitest";
import { listsOf } from "./board-lists.ts";
import { holdLists } from "./hold-lists.ts";
import { holdOrder } from "./hold-order.ts";
import { incidentRow, runRow } from "./test-rows.ts";

const now = Date.parse("2026-11-11T03:00:00.000Z");
interface Row {
  readonly key: string;
  readonly version: number;
}
const always = (): boolean => true;

test("whatever happens, the held keys stay in their order", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const list = fc
    .uniqueArray(key)
    .map((keys): Row[] => keys.map((one) => ({ key: one, version: 1 })));
  fc.assert(
    fc.property(list, list, fc.boolean(), (held, live, fits) => {
      const { rows, changes } = holdOrder(held, live, () => fits);
      expect(rows.map((row) => row.key)).toEqual(held.map((row) => row.key));
      const isSame = held.length === live.length && held.every((row, at) => row === live[at]);
      if (isSame) expect(changes).toBe(0);
      const sameKeys =
        held.length === live.length && held.every((row, at) => row.key === live[at]?.key);
      if (!sameKeys) expect(changes).toBeGreaterThan(0);
    }),
  );
});

test("what came, went and moved is counted", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => ({ key, version: 1 }));
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
  expect(holdOrder([a, b, c], [a, b, c], always).changes).toBe(0);
  expect(holdOrder([a, b, c], [d, a, b, c], always).changes).toBe(1);
  expect(holdOrder([a, b, c], [a, c], always).changes).toBe(1);
  expect(holdOrder([a, b, c], [b, a, c], always).changes).toBe(2);
});

test("progress goes on where a row takes the same room; a row that would grow waits", () => {
  const before = listsOf([runRow("a"), incidentRow("i")], now);
  const progress = { done: 5, total: 10, unit: null };
  const grown = incidentRow("i", { version: 2, message: "A long story" });
  const moved = holdLists(before, listsOf([runRow("a", { progress }), grown], now));
  expect(moved.lists.active[0]?.progress).toEqual(progress);
  expect(moved.lists.incidents).toEqual(before.incidents);
  expect(moved.changes).toBe(1);
  const stalled = holdLists(before, listsOf([runRow("a", { state: "stalled" })], now));
  expect(stalled.lists.active[0]?.state).toBe("running");
  expect(stalled.lists.alerts).toEqual([]);
});
