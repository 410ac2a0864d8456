/** One list as it was shown, and how many of its rows have changed place, come or gone since. */
export interface HeldList<T> {
  readonly rows: readonly T[];
  readonly changes: number;
}

/**
 * Keeps the rows and the order of `held`, so that nothing moves. A row's newest content is taken over where `fits`
 * says that it takes as much room as before; what has left stays as it was last known; what is new waits.
 */
export function holdOrder<T extends { readonly key: string }>(
  held: readonly T[],
  live: readonly T[],
  fits: (before: T, now: T) => boolean,
): HeldList<T> {
  const newest = new Map(live.map((row) => [row.key, row]));
  const known = new Set(held.map((row) => row.key));
  let changes = live.filter((row) => !known.has(row.key)).length;
  const rows = held.map((row) => {
    const now = newest.get(row.key);
    if (now === row) return row;
    if (now !== undefined && fits(row, now)) return now;
    changes += 1;
    return row;
  });
  const stayed = held.filter((row) => newest.has(row.key));
  const ordered = live.filter((row) => known.has(row.key));
  const moved = stayed.filter((row, at) => row.key !== ordered[at]?.key).length;
  return { rows, changes: Math.max(changes, moved) };
}
