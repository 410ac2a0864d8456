import type { KeptLetter, RecentRun, Shard, StoredJobState } from "@batchwatch/engine";
import { expect, it } from "vitest";
import { type LoadStores, loadShard } from "./load-shard.ts";

const PAGES = 5;
const PARTITIONS = [0];

/** Pages of one job each, answered at once as by a store in the same thread. */
function storesOf(asked: string[] = []): LoadStores {
  const stored = (page: number) =>
    ({ job: { jobId: `job-${page}` }, partition: 0, state: "{}" }) as StoredJobState;
  const page = (jobId: string | null) => (jobId === null ? 0 : Number(jobId.slice(4)) + 1);
  const jobs: Partial<LoadStores["jobs"]> = {
    loadStates: async (_all, after) => (page(after) < PAGES ? [stored(page(after))] : []),
    recentRuns: async (): Promise<readonly RecentRun[]> => [],
    newestRuns: async (jobIds) => {
      asked.push(...jobIds);
      return jobIds.map((jobId) => ({ jobId, runs: [] }));
    },
  };
  const letters = { load: async (): Promise<readonly KeptLetter[]> => [] };
  return { jobs, letters } as unknown as LoadStores;
}

it("[SUP-3] lets the thread beat between two pages", async () => {
  let beats = 0;
  const beating = setInterval(() => (beats += 1), 1);
  const seen: number[] = [];
  const shard: Pick<Shard, "load" | "receive"> = {
    load: () => {
      seen.push(beats);
      const endsAt = performance.now() + 5;
      while (performance.now() < endsAt);
      return [];
    },
    receive: () => {},
  };
  await loadShard(storesOf(), PARTITIONS, 0, shard, () => true);
  clearInterval(beating);
  expect(seen).toHaveLength(PAGES);
  // The first turn may end before its timers are due.
  expect(new Set(seen).size).toBeGreaterThanOrEqual(PAGES - 1);
});

it("[UNIT-7] a job whose state cannot be read is loaded again with its newest runs", async () => {
  const asked: string[] = [];
  const loaded: (readonly [jobId: string, withRuns: boolean])[] = [];
  const shard: Pick<Shard, "load" | "receive"> = {
    load: (states) => {
      for (const { job, newestRuns } of states) loaded.push([job.jobId, newestRuns !== undefined]);
      return states.filter(({ job, newestRuns }) => job.jobId === "job-2" && !newestRuns);
    },
    receive: () => {},
  };
  await loadShard(storesOf(asked), PARTITIONS, 0, shard, () => true);
  expect(asked).toEqual(["job-2"]);
  expect(loaded.filter(([jobId]) => jobId === "job-2")).toEqual([
    ["job-2", false],
    ["job-2", true],
  ]);
});

it("ends early when the shard is gone", async () => {
  let pages = 0;
  const shard: Pick<Shard, "load" | "receive"> = {
    load: () => {
      pages += 1;
      return [];
    },
    receive: () => {},
  };
  await loadShard(storesOf(), PARTITIONS, 0, shard, () => pages < 2);
  expect(pages).toBe(2);
});
