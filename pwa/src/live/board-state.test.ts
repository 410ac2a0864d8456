import type { BoardChange } from "batchwatch/router";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyItems, boardOf, type IncomingItem, needsSnapshot } from "./board-state.ts";
import { dashboard, runRow } from "./test-rows.ts";

const at = "2026-11-11T02:15:00.000Z";
const gone = (id: string): BoardChange => ({ kind: "gone", key: `run:${id}`, teamId: "lending" });

function changesItem(seq: number, changes: readonly BoardChange[], epoch = "e1"): IncomingItem {
  return { id: `${epoch}:${seq}`, item: { type: "changes", changes, at } };
}

describe("applyItems", () => {
  const change = fc.record({ id: fc.constantFrom("a", "b", "c", "d"), tier: fc.option(fc.nat(5)) });

  test("a snapshot and any split of the changes after it give the final rows, repeats or not", () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 30 }),
        fc.nat(30),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        fc.nat(10),
        (history, cut, sizes, repeated) => {
          const changes = history.map(({ id, tier }) =>
            tier === null ? gone(id) : runRow(id, { tier }),
          );
          const final = new Map<string, BoardChange>();
          const known = new Map<string, BoardChange>();
          const seen = Math.min(cut, changes.length);
          for (const [index, each] of changes.entries()) {
            for (const rows of index < seen ? [final, known] : [final]) {
              if (each.kind === "gone") rows.delete(each.key);
              else rows.set(each.key, each);
            }
          }
          const rows = [...known.values()].filter((row) => row.kind === "run");
          let board = boardOf(dashboard({ activeJobs: rows, seq: seen }));
          // Frames may begin anywhere up to the snapshot's position, one change a position.
          let from = Math.max(0, seen - repeated);
          for (const each of changes.slice(from, seen)) {
            from += 1;
            board = applyItems(board, [changesItem(from, [each])]);
          }
          for (let n = 0; from < changes.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1;
            const part = changes.slice(from, from + size);
            from += part.length;
            board = applyItems(board, [changesItem(from, part)]);
          }
          expect(new Map(board.rows)).toEqual(final);
        },
      ),
    );
  });

  test("keeps the identity of rows that did not change", () => {
    const a = runRow("a");
    const before = boardOf(dashboard({ activeJobs: [a, runRow("b")] }));
    const after = applyItems(before, [changesItem(11, [runRow("b", { tier: 1 })])]);
    expect(after.rows.get("run:a")).toBe(a);
    expect(before.rows.get("run:b")).toMatchObject({ tier: 2 });
    expect(after.rows.get("run:b")).toMatchObject({ tier: 1 });
  });

  test("a heartbeat counts although it repeats the last position", () => {
    const before = boardOf(dashboard());
    const performanceMetrics = { ...before.performanceMetrics, activeCount: 7 };
    const { systemHealth } = before;
    const item = { type: "heartbeat", at, performanceMetrics, systemHealth } as const;
    const after = applyItems(before, [{ id: "e1:10", item }]);
    expect(after.performanceMetrics.activeCount).toBe(7);
    expect(after.at).toBe(at);
  });

  test("another epoch and a reset ask for a snapshot and change nothing", () => {
    const board = boardOf(dashboard());
    const foreign = changesItem(99, [runRow("x")], "e2");
    const reset: IncomingItem = { id: "e1:99", item: { type: "reset", at } };
    expect(needsSnapshot(board, foreign)).toBe(true);
    expect(needsSnapshot(board, reset)).toBe(true);
    expect(needsSnapshot(board, changesItem(11, []))).toBe(false);
    expect(applyItems(board, [foreign, reset])).toBe(board);
  });
});
