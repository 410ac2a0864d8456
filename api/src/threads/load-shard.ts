import {
  type KeptLetter,
  LIMITS,
  needsNewestRuns,
  type NewestRun,
  partitionOf,
  type RecentRun,
  type StoredJobState,
  type Stores,
  type ToShard,
} from "@batchwatch/engine";

type LoadStores = Pick<Stores, "jobs" | "letters">;
type Tell = (message: ToShard) => void;

/**
 * Gives a new shard what the store holds of its partitions: jobs, runs that the board may still show, and letters
 * to be tried again. Ends early, with false, when `going` says that the shard is gone.
 */
export async function loadShard(
  stores: LoadStores,
  partitions: readonly number[],
  now: number,
  tell: Tell,
  going: () => boolean,
): Promise<boolean> {
  const { jobs, letters } = stores;
  await eachPage<StoredJobState>(
    (last) => jobs.loadStates(partitions, last?.job.jobId ?? null),
    async (states) => tell({ type: "load", states: await withNewestRuns(jobs, states) }),
    going,
  );
  await eachPage<RecentRun>(
    (last) => jobs.recentRuns(partitions, now, last),
    (runs) => tell({ type: "recent", runs }),
    going,
  );
  await eachPage<KeptLetter>(
    (last) => letters.load(partitions, last),
    (page) => tell({ type: "letters", letters: page }),
    going,
  );
  return going();
}

/** What every shard is told. Of a rename it is told what its jobs have in the store since. */
export type ShardNews =
  | Exclude<ToShard, { type: "reload" }>
  | { readonly type: "renamed"; readonly jobIds: readonly string[] };

/** Tells a shard what a rename left in the store of those of these jobs that are its own. */
export async function reloadJobs(
  { jobs }: Pick<Stores, "jobs">,
  partitions: readonly number[],
  jobIds: readonly string[],
  tell: Tell,
): Promise<void> {
  const own = jobIds.filter((jobId) => partitions.includes(partitionOf(jobId)));
  const reloaded: { jobId: string; newestRuns: readonly string[] | null }[] = [];
  for (const jobId of own) {
    // The id of a job that became part of another one leads to that one.
    const exists = (await jobs.get(jobId))?.jobId === jobId;
    const [found] = exists ? await jobs.newestRuns([jobId]) : [];
    const summaries = (found?.runs ?? []).map(({ summary }) => summary);
    reloaded.push({ jobId, newestRuns: exists ? summaries : null });
  }
  if (reloaded.length > 0) tell({ type: "reload", jobs: reloaded });
}

async function eachPage<T>(
  read: (last: T | null) => Promise<readonly T[]>,
  use: (page: readonly T[]) => void | Promise<void>,
  going: () => boolean,
): Promise<void> {
  let last: T | null = null;
  while (going()) {
    const page: readonly T[] = await read(last);
    if (page.length === 0) return;
    await use(page);
    last = page.at(-1) ?? null;
  }
}

/** Jobs whose state this program cannot read are rebuilt from their newest runs (UNIT-7). */
async function withNewestRuns(
  jobs: Stores["jobs"],
  states: readonly StoredJobState[],
): Promise<readonly StoredJobState[]> {
  const newest = new Map<string, readonly NewestRun[]>();
  const unreadable = states.filter(needsNewestRuns).map(({ job }) => job.jobId);
  for (let at = 0; at < unreadable.length; at += LIMITS.jobsRebuiltAtOnce) {
    const found = await jobs.newestRuns(unreadable.slice(at, at + LIMITS.jobsRebuiltAtOnce));
    for (const one of found) newest.set(one.jobId, one.runs);
  }
  return states.map((stored) => {
    const newestRuns = newest.get(stored.job.jobId);
    return newestRuns === undefined ? stored : { ...stored, newestRuns };
  });
}
