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
  row: BoardChange;
  seq: number;
  /** When its time is up, epoch ms. */
  leavesAt: number;
  /** Teams that it was taken from, and when: their readers are told that it is gone. */
  left: readonly Left[];
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

/** Of nearly all rows. */
const NOWHERE: readonly Left[] = [];

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
  /**
   * What changed, by seq modulo the ring's length; a place holds the newest change of its row when the entry still has that
   * seq. Entries and not keys: who reads on looks nothing up among the rows of all jobs.
   */
  readonly #ring: Entry[] = [];
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
      const entry = this.#ring[reached % LIMITS.boardRing];
      if (entry?.seq !== reached || !isSeenFrom(entry, from, scope)) continue;
      const { row } = entry;
      changes.push(inScope(scope, row.teamId) ? visible(row, scope) : goneFrom(row, scope));
    }
    return { changes, seq: reached };
  }

  #put(row: BoardChange, leaving: number): void {
    this.#seq += 1;
    const seq = this.#seq;
    const known = this.#rows.get(row.key);
    const before = known?.row;
    const entry = known ?? { row, seq, leavesAt: leaving, left: NOWHERE };
    if (known === undefined) this.#rows.set(row.key, entry);
    else {
      entry.left = this.#leftBehind(known, row.teamId);
      entry.row = row;
      entry.seq = seq;
      entry.leavesAt = leaving;
    }
    this.#trends.changed(trendOrNull(before), trendOrNull(row));
    if (row.kind === "gone") {
      this.#gone.add(row.key);
      this.#current.delete(row.key);
    } else {
      this.#gone.delete(row.key);
      if (row.kind !== "trend") this.#current.add(row.key);
    }
    this.#ring[seq % LIMITS.boardRing] = entry;
  }

  /** Teams whose readers may still show what is another team's now. */
  #leftBehind({ row, left }: Entry, teamId: string): readonly Left[] {
    const before = row.teamId;
    if (left.length === 0 && before === teamId) return NOWHERE;
    const moved = before === teamId ? [] : [{ teamId: before, seq: this.#seq }];
    const earlier = left.filter(({ seq }) => seq >= this.#seq - LIMITS.boardRing);
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
  return left.some(({ teamId, seq }) => seq > from && inScope(scope, teamId));
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
