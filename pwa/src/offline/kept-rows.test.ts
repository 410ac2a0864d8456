import type { BoardRow } from "batchwatch/router";
import { describe, expect, it } from "vitest";
import { boardOf } from "../live/board-state.ts";
import { dashboard, runRow } from "../live/test-rows.ts";
import { withFewerRows } from "./kept-rows.ts";

describe("the rows that are kept", () => {
  it("are all of a small board, as it is", () => {
    const board = boardOf(dashboard());
    expect(withFewerRows(board, 100)).toBe(board);
  });

  it("of a large one are those that matter, and the rest is counted", () => {
    const rows: BoardRow[] = [
      runRow("ended-early", { endedAt: "2026-11-11T01:00:00Z" }),
      runRow("ended-late", { endedAt: "2026-11-11T02:00:00Z" }),
      runRow("running", { endedAt: null }),
    ];
    const board = {
      ...boardOf(dashboard()),
      rows: new Map(rows.map((row) => [row.key, row])),
      truncated: 5,
    };
    const kept = withFewerRows(board, 2);
    expect([...kept.rows.keys()]).toEqual([rows[2]?.key, rows[1]?.key]);
    expect(kept.truncated).toBe(6);
  });
});
