import { StoreError } from "@batchwatch/engine";

/** Where a page ended: the sort value and the id of its last item. */
export interface Position<Sort extends string | number> {
  readonly sort: Sort;
  readonly id: string;
}

/** Opaque text for clients; `kind` keeps a cursor of one list out of another. */
export function encodeCursor(kind: string, position: Position<string | number>): string {
  return Buffer.from(JSON.stringify([kind, position.sort, position.id])).toString("base64url");
}

/** Fails with `invalid_cursor` unless `text` was made by {@link encodeCursor} for this list. */
export function decodeCursor(kind: string, sortType: "string", text: string): Position<string>;
export function decodeCursor(kind: string, sortType: "number", text: string): Position<number>;
export function decodeCursor(
  kind: string,
  sortType: "string" | "number",
  text: string,
): Position<string | number> {
  const parts = partsOf(text);
  const [foundKind, sort, id] = parts;
  if (
    parts.length === 3 &&
    foundKind === kind &&
    typeof sort === sortType &&
    (typeof sort === "string" || typeof sort === "number") &&
    typeof id === "string"
  ) {
    return { sort, id };
  }
  throw new StoreError(
    "invalid_cursor",
    `cursor: not one this list gave out; use nextCursor of its previous page, or none to begin.`,
  );
}

function partsOf(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
