import { partitionOf, type Stores, type ToShard } from "@batchwatch/engine";

type Tell = (message: ToShard) => void;

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
