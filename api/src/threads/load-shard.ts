import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type KeptLetter,
  LIMITS,
  type RecentRun,
  type Shard,
  type StoredJobState,
  type Stores,
} from "@batchwatch/engine";

export type LoadStores = Pick<Stores, "jobs" | "letters">;

/**
 * Gives a new shard what the store holds of its partitions: jobs, runs that the board may still show, and letters to be
 * tried again. Runs in the shard's own thread, page by page, with timers between. Ends early when `going` says that the
 * shard is gone.
 */
export async function loadShard(
  { jobs, letters }: LoadStores,
  partitions: readonly number[],
  now: number,
  shard: Pick<Shard, "load" | "receive">,
  going: () => boolean,
): Promise<void> {
  await eachPage<StoredJobState>(
    (last) => jobs.loadStates(partitions, last?.job.jobId ?? null),
    (states) => rebuild(jobs, shard.load(states), shard),
    going,
  );
  await eachPage<RecentRun>(
    (last) => jobs.recentRuns(partitions, now, last),
    (runs) => shard.receive({ type: "recent", runs }),
    going,
  );
  await eachPage<KeptLetter>(
    (last) => letters.load(partitions, last),
    (page) => shard.receive({ type: "letters", letters: page }),
    going,
  );
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
    // A store in this thread answers without a pause: nothing else had its turn meanwhile.
    await nextTurn();
  }
}

/** Jobs whose state this program cannot read are rebuilt from their newest runs (UNIT-7). */
async function rebuild(
  jobs: LoadStores["jobs"],
  unreadable: readonly StoredJobState[],
  shard: Pick<Shard, "load">,
): Promise<void> {
  for (let at = 0; at < unreadable.length; at += LIMITS.jobsRebuiltAtOnce) {
    const some = unreadable.slice(at, at + LIMITS.jobsRebuiltAtOnce);
    const found = await jobs.newestRuns(some.map(({ job }) => job.jobId));
    const newest = new Map(found.map(({ jobId, runs }) => [jobId, runs]));
    shard.load(
      some.map((stored) => ({ ...stored, newestRuns: newest.get(stored.job.jobId) ?? [] })),
    );
    await nextTurn();
  }
}
