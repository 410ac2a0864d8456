import { LIMITS } from "../model/limits.ts";
import { inScope, type Scope } from "../model/people.ts";
import type { BoardChange, BoardRow, IncidentRow, RunRow } from "../model/rows.ts";
import { leavesAt } from "./shelf-life.ts";

interface Entry {
  readonly row: BoardChange;
  readonly seq: number;
}

/**
 * The newest state of everything on screen, and a ring of what changed when. A change is a row's newest
 * state, not a difference, so a slow reader skips what it missed and loses nothing; the board keeps nothing
 * per reader. Only a cache: a restart begins a new epoch and fills it from the shards.
 */
export class Board {
  readonly epoch: string;
  #seq = 0;
  readonly #rows = new Map<string, Entry>();
  /** Keys by seq modulo the ring's length; an entry is current when the row still has that seq. */
  readonly #ring: string[] = [];
  readonly #memo = new Map<string, readonly BoardChange[]>();

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  get seq(): number {
    return this.#seq;
  }

  get size(): number {
    return this.#rows.size;
  }

  apply(rows: readonly BoardChange[], now: number): void {
    for (const row of rows) {
      if (leavesAt(row) <= now) this.#leave(row.key, row.teamId);
      else this.#put(row);
    }
  }

  /** Takes rows off the board whose time has passed; readers are told with `gone`. */
  expire(now: number): void {
    for (const { row } of this.#rows.values()) {
      if (leavesAt(row) <= now) this.#leave(row.key, row.teamId);
      else if (row.kind === "gone" && this.#isForgotten(row.key)) this.#rows.delete(row.key);
    }
  }

  /** One row as this reader may see it; undefined when it is not on the board or outside the scope. */
  row(key: string, scope: Scope): BoardRow | undefined {
    const row = this.#rows.get(key)?.row;
    if (row === undefined || row.kind === "gone" || !inScope(scope, row.teamId)) return undefined;
    return visible(row, scope);
  }

  rows(scope: Scope): BoardRow[] {
    const rows: BoardRow[] = [];
    for (const { row } of this.#rows.values()) {
      if (row.kind !== "gone" && inScope(scope, row.teamId)) rows.push(visible(row, scope));
    }
    return rows;
  }

  /**
   * Rows that changed after `seq`, oldest change first, at most LIMITS.frameChanges, and the position reached.
   * Null when the position is unknown: the future, or older than the ring. Readers at the same position with the
   * same scope get the very same array, so it is serialised once.
   */
  since(seq: number, scope: Scope): { changes: readonly BoardChange[]; seq: number } | null {
    if (seq > this.#seq || seq < this.#seq - LIMITS.boardRing) return null;
    let reached = seq;
    const keys: string[] = [];
    while (reached < this.#seq && keys.length < LIMITS.frameChanges) {
      reached += 1;
      const key = this.#ring[reached % LIMITS.boardRing];
      const entry = key === undefined ? undefined : this.#rows.get(key);
      if (entry?.seq === reached && inScope(scope, entry.row.teamId)) keys.push(entry.row.key);
    }
    return { changes: this.#frame(seq, reached, scope, keys), seq: reached };
  }

  #frame(from: number, to: number, scope: Scope, keys: readonly string[]): readonly BoardChange[] {
    const memoKey = `${from}:${to}:${this.#seq}:${scopeKey(scope)}`;
    const known = this.#memo.get(memoKey);
    if (known !== undefined) return known;
    const changes = keys.flatMap((key) => {
      const row = this.#rows.get(key)?.row;
      return row === undefined ? [] : [visible(row, scope)];
    });
    if (this.#memo.size >= MEMO_FRAMES) this.#memo.clear();
    this.#memo.set(memoKey, changes);
    return changes;
  }

  #put(row: BoardChange): void {
    this.#seq += 1;
    this.#rows.delete(row.key);
    this.#rows.set(row.key, { row, seq: this.#seq });
    this.#ring[this.#seq % LIMITS.boardRing] = row.key;
  }

  #leave(key: string, teamId: string): void {
    const known = this.#rows.get(key);
    if (known === undefined || known.row.kind === "gone") return;
    this.#put({ kind: "gone", key, teamId });
  }

  /** A `gone` row is kept only while some reader's position may still be before it. */
  #isForgotten(key: string): boolean {
    const seq = this.#rows.get(key)?.seq ?? 0;
    return seq < this.#seq - LIMITS.boardRing;
  }
}

/** Frames remembered for readers at the same position. */
const MEMO_FRAMES = 512;

function scopeKey(scope: Scope): string {
  const teams = scope.teamIds === "all" ? "*" : scope.teamIds.join(",");
  return `${teams}:${scope.payload ? 1 : 0}`;
}

/** The row as this reader may see it: without the job's own words where the scope hides payloads. */
function visible<Row extends BoardChange>(row: Row, scope: Scope): Row {
  if (scope.payload || row.kind === "trend" || row.kind === "gone" || row.message === null) {
    return row;
  }
  const hidden: RunRow | IncidentRow = { ...row, message: null };
  return hidden as Row;
}
