import { LIMITS, type Page } from "@batchwatch/engine";
import { encodeCursor, type Position } from "./cursor.ts";

/** A page's size within the engine's limit. */
export function pageSize(limit: number): number {
  return Math.max(1, Math.min(Math.trunc(limit), LIMITS.pageSize));
}

export const EMPTY_PAGE: Page<never> = { items: [], nextCursor: null };

/** Cuts `rows`, of which one more than `size` was read, to a page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  size: number,
  kind: string,
  positionOf: (row: Row) => Position<string | number>,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > size && last !== undefined;
  return {
    items: shown.map(itemOf),
    nextCursor: more ? encodeCursor(kind, positionOf(last)) : null,
  };
}
