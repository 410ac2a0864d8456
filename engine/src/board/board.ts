import { LIMITS } from "../model/limits.ts";
import { inScope, type Scope } from "../model/people.ts";
import type {
  BoardChange,
  BoardRow,
  GoneRow,
  IncidentRow,
  RunRow,
  TrendRow,
} from "../model/rows.ts";
import { leavesAt } from "./shelf-life.ts";
import { StrongestTrends } from "./strongest-trends.ts";
import { visible } from "./visible.ts";

interface Entry {
  readonly row: BoardChange;
  readonly seq: number;
  /** When its time is up, epoch ms. */
  readonly leavesAt: number;
  /** Teams that it was taken from, and when: their readers are told that it is gone. Absent: none lately. */
  readonly left?: readonly Left[];
}

interface Left {
  readonly teamId: string;
  readonly seq: number;
}

/** What changed, and the position that a reader has reached with it. */
export interface Frame {
  readonly changes: readonly BoardChange[];
  readonly seq: number;
}

/** Moves of one row that are remembered; who reads so slowly that it misses more begins anew with its next dashboard. */
const MOVES_KEPT = 4;

/**
 * The newest state of everything on screen, and a ring of what changed when. A change is a row's newest
 * state, not a difference, so a slow reader skips what it missed and loses nothing; the board keeps nothing
 * per reader. Only a cache: a restart begins a new epoch and fills it from the shards.
 */
export class Board {
  readonly epoch: string;
  #seq = 0;
  readonly #rows = new Map<string, Entry>();
  /** Keys of runs and incidents: few beside the trends of every job that was ever seen. */
  readonly #current = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #trends = new StrongestTrends(() => this.#allTrends());
  /** Keys by seq modulo the ring's length; an entry is current when the row still has that seq. */
  readonly #ring: string[] = [];
  readonly #memo = new Map<string, Frame>();

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
      const at = leavesAt(row);
      if (at <= now) this.#leave(row.key, row.teamId);
      else this.#put(row, at);
    }
  }

  /** Takes rows off the board whose time has passed; readers are told with `gone`. */
  expire(now: number): void {
    for (const key of this.#gone) {
      if (!this.#isForgotten(key)) continue;
      this.#rows.delete(key);
      this.#gone.delete(key);
    }
    for (const key of this.#current) {
      const entry = this.#rows.get(key);
      if (entry !== undefined && entry.leavesAt <= now) this.#leave(key, entry.row.teamId);
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

  /** Runs and incidents, without the trends. */
  currentRows(scope: Scope): (RunRow | IncidentRow)[] {
    const rows: (RunRow | IncidentRow)[] = [];
    for (const key of this.#current) {
      const row = this.#rows.get(key)?.row;
      if (row?.kind !== "run" && row?.kind !== "incident") continue;
      if (inScope(scope, row.teamId)) rows.push(visible(row, scope));
    }
    return rows;
  }

  /** Jobs whose median duration moved most. */
  strongestTrends(scope: Scope): readonly TrendRow[] {
    return this.#trends.of(scope.teamIds);
  }

  /**
   * Rows that changed after `seq` and not after `to`, oldest change first, at most LIMITS.frameChanges, and the position
   * reached. Null when the position is unknown: the future, or older than the ring. Readers at the same position with
   * the same scope get the very same array, so it is looked up and serialised once.
   */
  since(seq: number, scope: Scope, to: number = this.#seq): Frame | null {
    if (seq > this.#seq || seq < this.#seq - LIMITS.boardRing) return null;
    const memoKey = `${seq}:${to}:${scopeKey(scope)}`;
    let frame = this.#memo.get(memoKey);
    if (frame === undefined) {
      frame = this.#frame(seq, scope, to);
      if (this.#memo.size >= MEMO_FRAMES) this.#memo.clear();
      this.#memo.set(memoKey, frame);
    }
    return frame;
  }

  #frame(from: number, scope: Scope, to: number): Frame {
    let reached = from;
    const changes: BoardChange[] = [];
    while (reached < to && changes.length < LIMITS.frameChanges) {
      reached += 1;
      const key = this.#ring[reached % LIMITS.boardRing];
      const entry = key === undefined ? undefined : this.#rows.get(key);
      if (entry?.seq !== reached || !isSeenFrom(entry, from, scope)) continue;
      const { row } = entry;
      changes.push(inScope(scope, row.teamId) ? visible(row, scope) : goneFrom(row, scope));
    }
    return { changes, seq: reached };
  }

  #put(row: BoardChange, leaving: number): void {
    this.#seq += 1;
    const seq = this.#seq;
    const left = this.#leftBehind(row);
    const before = this.#rows.get(row.key)?.row;
    this.#rows.delete(row.key);
    this.#rows.set(row.key, { row, seq, leavesAt: leaving, ...(left.length > 0 ? { left } : {}) });
    this.#trends.changed(trendOrNull(before), trendOrNull(row));
    if (row.kind === "gone") {
      this.#gone.add(row.key);
      this.#current.delete(row.key);
    } else {
      this.#gone.delete(row.key);
      if (row.kind !== "trend") this.#current.add(row.key);
    }
    this.#ring[this.#seq % LIMITS.boardRing] = row.key;
  }

  /** Teams whose readers may still show what is another team's now. */
  #leftBehind({ key, teamId }: BoardChange): readonly Left[] {
    const known = this.#rows.get(key);
    if (known === undefined) return [];
    const before = known.row.teamId;
    const moved = before === teamId ? [] : [{ teamId: before, seq: this.#seq }];
    const earlier = (known.left ?? []).filter(({ seq }) => seq >= this.#seq - LIMITS.boardRing);
    return [...moved, ...earlier].slice(0, MOVES_KEPT);
  }

  #leave(key: string, teamId: string): void {
    const known = this.#rows.get(key);
    if (known === undefined || known.row.kind === "gone") return;
    this.#put({ kind: "gone", key, teamId }, Number.POSITIVE_INFINITY);
  }

  *#allTrends(): Generator<TrendRow> {
    for (const { row } of this.#rows.values()) if (row.kind === "trend") yield row;
  }

  /** A `gone` row is kept only while some reader's position may still be before it. */
  #isForgotten(key: string): boolean {
    const seq = this.#rows.get(key)?.seq ?? 0;
    return seq < this.#seq - LIMITS.boardRing;
  }
}

/** Whether a reader at `from` is told of it: it is theirs, or was when they were told last. */
function isSeenFrom({ row, left }: Entry, from: number, scope: Scope): boolean {
  if (inScope(scope, row.teamId)) return true;
  return left?.some(({ teamId, seq }) => seq > from && inScope(scope, teamId)) ?? false;
}

/** For those whose team it was taken from: that it left, and not to whom. */
function goneFrom({ key }: BoardChange, { teamIds }: Scope): GoneRow {
  return { kind: "gone", key, teamId: teamIds === "all" ? "" : (teamIds[0] ?? "") };
}

function trendOrNull(row: BoardChange | undefined): TrendRow | null {
  return row?.kind === "trend" ? row : null;
}

/** Frames remembered for readers at the same position. */
const MEMO_FRAMES = 512;

function scopeKey(scope: Scope): string {
  const teams = scope.teamIds === "all" ? "*" : scope.teamIds.join(",");
  return `${teams}:${scope.payload ? 1 : 0}:${scope.nameless ? 1 : 0}`;
}
