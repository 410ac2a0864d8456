/** A source, and when it was last heard of as the store knows. */
interface SeenSource {
  readonly sourceId: string;
  /** Epoch ms; null: never. */
  readonly lastSeenAt: number | null;
}

/** When each source was last heard of, epoch ms, by its id: the `most` that were heard of last. Those never heard of are not in it. */
export function sourcesSeen(
  sources: readonly SeenSource[],
  since: ReadonlyMap<string, number>,
  most: number,
): ReadonlyMap<string, number> {
  const seen = sources.flatMap(({ sourceId, lastSeenAt }): [string, number][] => {
    const at = Math.max(since.get(sourceId) ?? 0, lastSeenAt ?? 0);
    return at === 0 ? [] : [[sourceId, at]];
  });
  return new Map(seen.sort(([, a], [, b]) => b - a).slice(0, most));
}
