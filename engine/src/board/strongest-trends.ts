import type { TrendRow } from "../model/rows.ts";

/** Trends that a dashboard shows. */
const SHOWN = 50;
/** So many are found at once: all are looked at again when fewer than shown are left of these. */
const FOUND = 4 * SHOWN;

/** Largest change first; the key decides between equals. */
function strongestFirst(a: TrendRow, b: TrendRow): number {
  const difference = Math.abs(b.changeRatio ?? 0) - Math.abs(a.changeRatio ?? 0);
  return difference || (a.key < b.key ? -1 : 1);
}

/** The beginning of one team's trends in their order, or of everybody's, kept while they come, go and change. */
class Strongest {
  readonly #all: () => Iterable<TrendRow>;
  #size = 0;
  /** The first ones of all; null before they are first asked for. */
  #first: TrendRow[] | null = null;

  constructor(all: () => Iterable<TrendRow>) {
    this.#all = all;
  }

  add(row: TrendRow): void {
    this.#size += 1;
    if (this.#first === null) return;
    const at = this.#first.findLastIndex((one) => strongestFirst(one, row) < 0) + 1;
    // Behind the last of them it belongs among them only where they are all there are.
    if (at === this.#first.length && at < this.#size - 1) return;
    this.#first.splice(at, 0, row);
    if (this.#first.length > 2 * FOUND) this.#first.length = FOUND;
  }

  remove({ key }: TrendRow): void {
    this.#size -= 1;
    const at = this.#first?.findIndex((one) => one.key === key) ?? -1;
    if (at !== -1) this.#first?.splice(at, 1);
  }

  get shown(): readonly TrendRow[] {
    if (this.#first === null || this.#first.length < Math.min(SHOWN, this.#size)) {
      this.#first = [...this.#all()].sort(strongestFirst).slice(0, FOUND);
    }
    return this.#first.slice(0, SHOWN);
  }
}

/** Jobs whose median duration moved most, of all and by team: found without looking at every job that was ever seen. */
export class StrongestTrends {
  readonly #rows: () => Iterable<TrendRow>;
  readonly #ofAll: Strongest;
  readonly #ofTeam = new Map<string, Strongest>();

  /** @param rows all trends as they are now */
  constructor(rows: () => Iterable<TrendRow>) {
    this.#rows = rows;
    this.#ofAll = new Strongest(() => this.#moved());
  }

  /** A trend takes the place of an earlier one; null: it left, or there was none. Call it when `rows` has it. */
  changed(before: TrendRow | null, after: TrendRow | null): void {
    for (const row of [before, after]) {
      if (row === null || row.changeRatio === null) continue;
      for (const one of [this.#ofAll, this.#teamOf(row.teamId)]) {
        if (row === before) one.remove(row);
        else one.add(row);
      }
    }
  }

  /** At most fifty, the strongest first. */
  of(teamIds: "all" | readonly string[]): readonly TrendRow[] {
    if (teamIds === "all") return this.#ofAll.shown;
    return teamIds
      .flatMap((teamId) => this.#ofTeam.get(teamId)?.shown ?? [])
      .sort(strongestFirst)
      .slice(0, SHOWN);
  }

  *#moved(teamId?: string): Generator<TrendRow> {
    for (const row of this.#rows()) {
      if (row.changeRatio === null) continue;
      if (teamId === undefined || row.teamId === teamId) yield row;
    }
  }

  #teamOf(teamId: string): Strongest {
    const known = this.#ofTeam.get(teamId);
    if (known !== undefined) return known;
    const made = new Strongest(() => this.#moved(teamId));
    this.#ofTeam.set(teamId, made);
    return made;
  }
}
