import type { JournalDamage } from "@batchwatch/engine";
import { DB_LIMITS } from "../schema/limits.ts";

export interface ReadAroundOptions<Row> {
  /** Rows after this position are wanted. */
  readonly position: number;
  /** Highest position there is. */
  readonly end: number;
  readonly limit: number;
  /** Rows of this reader after a position, ascending, at most so many. */
  readonly range: (after: number, most: number) => Iterable<Row>;
  /** The row at one position, whoever's it is. */
  readonly one: (position: number) => Row | undefined;
  readonly mine: (row: Row) => boolean;
  readonly onDamage: (damage: JournalDamage) => void;
}

/** Whether SQLite found the file damaged where it looked. */
export function isDamage(error: unknown): boolean {
  return codeOf(error).startsWith("SQLITE_CORRUPT");
}

/**
 * Reads what can be read of a damaged journal: in stretches while they hold, position by position across the
 * damage. Answers fewer rows than the limit only at the end, and reports every position that it stepped over.
 * Throws the error itself when too many are lost to go on.
 */
export function readAround<Row extends { readonly position: number }>(
  options: ReadAroundOptions<Row>,
): Row[] {
  const { end, limit, range, one, mine, onDamage } = options;
  const rows: Row[] = [];
  let position = options.position;
  let stepped = 0;
  while (rows.length < limit) {
    try {
      for (const row of range(position, limit - rows.length)) {
        rows.push(row);
        position = row.position;
      }
      return rows;
    } catch (error) {
      if (!isDamage(error)) throw error;
      const stretch = crossDamage(position, end, one);
      rows.push(...stretch.rows.filter(mine));
      position = stretch.position;
      if (stretch.damage !== null) {
        stepped += stretch.damage.to - stretch.damage.from + 1;
        onDamage(stretch.damage);
      }
      if (stepped > DB_LIMITS.damagedPositions) throw error;
    }
    if (position >= end) return rows.slice(0, limit);
  }
  return rows.slice(0, limit);
}

/** From `position` on to the first row that can be read behind the damage, that one left for the next stretch. */
function crossDamage<Row>(
  position: number,
  end: number,
  one: (position: number) => Row | undefined,
): { rows: Row[]; position: number; damage: JournalDamage | null } {
  const rows: Row[] = [];
  let damage = null as JournalDamage | null;
  for (let at = position + 1; at <= end; at += 1) {
    try {
      const row = one(at);
      if (damage !== null) return { rows, position: at - 1, damage };
      if (row !== undefined) rows.push(row);
    } catch (error) {
      if (!isDamage(error)) throw error;
      damage = { from: damage?.from ?? at, to: at, code: codeOf(error) };
      if (at - damage.from > DB_LIMITS.damagedPositions) return { rows, position: at, damage };
    }
  }
  return { rows, position: end, damage };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
