const MOST_TOLERANCE_MS = 15 * 60_000;

/** What counts of a run here; instants are epoch milliseconds. Attempts of one instance are runs of their own. */
export interface Taker {
  readonly executionId: string;
  readonly startedAt: number | null;
  readonly nominalAt: number | null;
}

/** How much before its time an occurrence may be taken: a quarter of the interval before it, at most 15 min (SCHED-5). */
export function slotToleranceMs(intervalMs: number): number {
  return Math.min(MOST_TOLERANCE_MS, Math.max(0, intervalMs) / 4);
}

/**
 * Which run takes which occurrence (SCHED-5). An occurrence's window is open from its tolerance before it until the
 * next one's window opens, so that a run shortly before an occurrence is early for it rather than very late for the
 * one before. A run stands in the window of its nominal time if it states one, else of its start: a repetition of
 * last week's instance takes nothing of today. In a window the run that states exactly the occurrence goes first,
 * then the one that began first, then the smaller id. Neither the order of `runs` nor a repetition matters.
 *
 * @param occurrences ascending, without gaps: each one that is due between the first and the last
 * @param bounds the occurrence before the first and the one after the last; null: there is none
 * @returns for each occurrence, in the same place, its run or null
 */
export function takersOf<T extends Taker>(
  occurrences: readonly number[],
  runs: readonly T[],
  bounds: { readonly before: number | null; readonly after: number | null },
): (T | null)[] {
  const taken: (T | null)[] = occurrences.map(() => null);
  const openings = openingsOf(occurrences, bounds);
  for (const run of runs) {
    const index = windowOf(run.nominalAt ?? run.startedAt, openings);
    const occurrence = occurrences[index];
    if (occurrence === undefined) continue;
    const holder = taken[index] ?? null;
    if (holder === null || goesFirst(run, holder, occurrence)) taken[index] = run;
  }
  return taken;
}

/** When each window opens, and behind them when the last one closes. */
function openingsOf(
  occurrences: readonly number[],
  bounds: { readonly before: number | null; readonly after: number | null },
): readonly number[] {
  const last = bounds.after ?? Infinity;
  return [...occurrences, last].map((at, index) => {
    if (at === Infinity) return at;
    const before = occurrences[index - 1] ?? bounds.before;
    const interval = before === null ? (occurrences[index + 1] ?? last) - at : at - before;
    return at - slotToleranceMs(interval);
  });
}

/** Index of the last window that is open at an instant; -1 before the first, the number of windows after the last. */
function windowOf(at: number | null, openings: readonly number[]): number {
  if (at === null) return -1;
  let low = 0;
  let high = openings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openings[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function goesFirst(run: Taker, holder: Taker, occurrence: number): boolean {
  const exact = run.nominalAt === occurrence;
  if (exact !== (holder.nominalAt === occurrence)) return exact;
  const began = run.startedAt ?? Infinity;
  const holderBegan = holder.startedAt ?? Infinity;
  if (began !== holderBegan) return began < holderBegan;
  return run.executionId < holder.executionId;
}
