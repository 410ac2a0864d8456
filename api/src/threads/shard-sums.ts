import type { ShardStats } from "@batchwatch/engine";

interface Host {
  readonly stats: ShardStats | null;
}

/** What all shards have and did, as far as they have told. */
export interface ShardSums {
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly factsApplied: number;
  readonly deadLetters: number;
  readonly quarantinedJobs: number;
  /** Positions of the journal that the slowest shard has still to read. */
  readonly behind: number;
}

/** @param end of the journal */
export function sumsOf(shards: readonly Host[], end: number): ShardSums {
  const told = shards.flatMap(({ stats }) => stats ?? []);
  const sum = (of: (stats: ShardStats) => number) => told.reduce((all, one) => all + of(one), 0);
  return {
    jobs: sum(({ jobs }) => jobs),
    unsavedJobs: sum(({ unsavedJobs }) => unsavedJobs),
    factsApplied: sum(({ factsApplied }) => factsApplied),
    deadLetters: sum(({ deadLetters }) => deadLetters),
    quarantinedJobs: sum(({ quarantinedJobs }) => quarantinedJobs),
    behind: Math.max(0, ...told.map(({ position }) => end - position)),
  };
}

/** Runs under way of all shards, by source. */
export function openRunsOf(shards: readonly Host[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const { stats } of shards) {
    for (const [sourceId, runs] of Object.entries(stats?.openRuns ?? {})) {
      sum.set(sourceId, (sum.get(sourceId) ?? 0) + runs);
    }
  }
  return sum;
}
