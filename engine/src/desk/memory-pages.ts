import type { Page } from "../ports/stores.ts";

/** A page of a list in memory; the cursor is how many were shown. */
export function pageOf<T>(items: readonly T[], limit: number, cursor: string | null): Page<T> {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? String(end) : null,
  };
}
