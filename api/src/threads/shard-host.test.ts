import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import {
  type BoardChange,
  executionIdOf,
  JobActor,
  type JournalReader,
  jobIdOf,
  joinStoredSummaries,
  type KeptLetter,
  MemoryLog,
  MemoryStore,
  type Observation,
  partitionOf,
  partitionsOf,
  Shard,
  type Stores,
} from "@batchwatch/engine";
import { openJournalReader, openJournalWriter, reopeningReader } from "@batchwatch/db/journal";
import { expect, it, onTestFinished, vi } from "vitest";
import { loadShard } from "./load-shard.ts";
import { ShardHost, type ShardHostOptions } from "./shard-host.ts";
import { hostShard, type TakeStored } from "./shard.ts";

const JOB = jobIdOf("s", "n", "load");
const PARTITION = partitionOf(JOB);
const WITHIN_SECONDS = { timeout: 5_000 };

function fact(kind: Observation["kind"], more: Partial<Observation> = {}): Observation {
  return {
    type: "observation",
    jobId: JOB,
    executionId: executionIdOf("s", "n", "load", "1"),
    namespace: "n",
    name: "load",
    teamId: "team",
    runKey: "1",
    kind,
    occurredAt: Date.now(),
    ...more,
  };
}

function letter(letterId: string, of: Observation): KeptLetter {
  const body = JSON.stringify(of);
  const head = { letterId, partition: PARTITION, sourceId: "s", contract: "native" } as const;
  return { ...head, receivedAt: of.occurredAt, reason: "it could not", jobId: JOB, body };
}

/** A program that cannot apply a log fact. */
class Fragile extends JobActor {
  override apply(...[of, record]: Parameters<JobActor["apply"]>): ReturnType<JobActor["apply"]> {
    if (of.kind === "log") throw new Error("a defect of this program");
    return super.apply(of, record);
  }
}

/** The store's memory with one job that is running and two letters of it, of which the second cannot be applied. */
function storeWithLetters(): MemoryStore {
  const store = new MemoryStore(joinStoredSummaries);
  const log = new MemoryLog();
  const partitions = partitionsOf(0, 1);
  const { term, marks } = store.claim(partitions);
  const shard = new Shard({
    index: 0,
    count: 1,
    reader: log.reader(),
    clock: { now: Date.now },
    send: (message) => {
      if (message.type === "piece") store.save(message.piece);
    },
  });
  const bytes = new TextEncoder().encode(JSON.stringify([fact("started")]));
  const receivedAt = Date.now();
  log.append([{ partition: PARTITION, receivedAt, contract: "native", sourceId: "s", bytes }]);
  shard.start(term, marks, log.end);
  shard.step();
  for (const one of [letter("1", fact("progress")), letter("2", fact("log"))]) {
    store.tables.letters.set(one.letterId, one);
  }
  return store;
}

/** The store as a shard's host asks it; each page of letters holds one, and `fails` says which page is not answered. */
function storesOf(store: MemoryStore, fails: (page: number) => boolean): Stores {
  let pages = 0;
  const stores = {
    partitions: { claim: async (all: readonly number[]) => store.claim(all) },
    jobs: {
      loadStates: async (all: readonly number[], after: string | null) =>
        store.loadStates(all, after),
      recentRuns: async (...asked: Parameters<MemoryStore["recentRuns"]>) =>
        store.recentRuns(...asked),
      newestRuns: async (jobIds: readonly string[]) => store.newestRuns(jobIds),
    },
    letters: {
      load: async (all: readonly number[], after: KeptLetter | null) => {
        pages += 1;
        if (fails(pages)) throw Object.assign(new Error("away"), { code: "store_away" });
        return store.loadLetters(all, after, 1);
      },
    },
    units: { save: async (piece: Parameters<MemoryStore["save"]>[0]) => store.save(piece) },
  };
  return stores as unknown as Stores;
}

interface Made {
  readonly reader: JournalReader;
  readonly onNotLoaded: (error: Error) => void;
}

function hosted(
  stores: Stores,
  onRows: (rows: readonly BoardChange[]) => void,
  { reader = new MemoryLog().reader(), onNotLoaded = () => {} }: Partial<Made> = {},
): ShardHost {
  const ignore = () => {};
  const options: ShardHostOptions = {
    index: 0,
    count: 1,
    stores,
    journalEnd: () => 1,
    onReady: ignore,
    now: Date.now,
    onRows,
    onDeadLetter: ignore,
    onDamage: ignore,
    onStats: ignore,
    onMark: ignore,
    onSaveFailed: ignore,
    onStoreTrouble: ignore,
    onNotLoaded,
    onLost: ignore,
    onRenamed: ignore,
    onAlerts: ignore,
    prepare: async () => {},
  };
  const host = new ShardHost(options);
  const { port1, port2 } = new MessageChannel();
  const make = () =>
    new Shard({
      index: 0,
      count: 1,
      reader,
      clock: { now: Date.now },
      makeActor: (partition, memory, known) => new Fragile(partition, memory, known),
      send: (message) => port2.postMessage(message),
    });
  const take: TakeStored = (shard, now, going) =>
    loadShard(stores, partitionsOf(0, 1), now, shard, going);
  const thread = hostShard(make, take, port2, (message) => port2.postMessage(message));
  onTestFinished(async () => {
    host.close();
    await thread;
  });
  host.attach(port1);
  return host;
}

it.each([
  ["is answered at once", () => false],
  ["is away in the midst of loading letters", (page: number) => page === 2],
])(
  "keeps the letters of a job that still cannot be followed when the store %s [UNIT-6]",
  async (_when, fails) => {
    const store = storeWithLetters();
    const rows = new Map<string, BoardChange>();
    const host = hosted(storesOf(store, fails), (changed) => {
      for (const row of changed) rows.set(row.key, row);
    });
    await host.firstCaughtUp;
    const key = `run:${executionIdOf("s", "n", "load", "1")}`;
    await vi.waitFor(() => expect(rows.get(key)).toMatchObject({ state: "unknown" }));
    // A cut of the shard: all that it would save is saved then.
    await vi.waitFor(() => expect(host.stats?.unsavedJobs).toBe(0), WITHIN_SECONDS);
    expect([...store.tables.letters.keys()].sort()).toEqual(["1", "2"]);
    expect(host.stats).toMatchObject({ quarantinedJobs: 1, jobs: 0 });
  },
);

it("knows no mark before the store has told it, though its thread tells of itself [UNIT-9]", async () => {
  const stores = storesOf(storeWithLetters(), () => false);
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const claim: Stores["partitions"]["claim"] = async (all) => {
    await told;
    return stores.partitions.claim(all);
  };
  const host = hosted({ ...stores, partitions: { ...stores.partitions, claim } }, () => {});
  await vi.waitFor(() => expect(host.stats).not.toBeNull(), WITHIN_SECONDS);
  expect(host.mark).toBeNull();
  tell();
  await host.firstCaughtUp;
  expect(host.mark).toBe(0);
});

it("shows what a store holds that takes no claim for now, and starts once it does [SUP-11]", async () => {
  const stores = storesOf(storeWithLetters(), () => false);
  let isFull = true;
  let refused = 0;
  const claim: Stores["partitions"]["claim"] = async (all) => {
    if (!isFull) return stores.partitions.claim(all);
    refused += 1;
    throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  };
  const rows = new Map<string, BoardChange>();
  const host = hosted({ ...stores, partitions: { ...stores.partitions, claim } }, (changed) => {
    for (const row of changed) rows.set(row.key, row);
  });
  await vi.waitFor(() => expect(refused).toBeGreaterThan(2), WITHIN_SECONDS);
  // Within the waits for the store: no cut of a second was needed for it.
  expect(rows.get(`run:${executionIdOf("s", "n", "load", "1")}`)).toBeDefined();
  expect([host.caughtUp, host.mark]).toEqual([false, null]);
  isFull = false;
  await host.firstCaughtUp;
  expect(host.mark).toBe(0);
});

it.skipIf(process.platform !== "linux")(
  "waits for a journal that cannot be read, says why, and goes on once it can [SUP-10]",
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "batchwatch-unreadable-"));
    onTestFinished(() => rm(dir, { recursive: true }));
    const path = join(dir, "journal.db");
    // The first byte of a process's memory is a file that can be opened and never read (EIO).
    await symlink("/proc/self/mem", path);
    const store = new MemoryStore(joinStoredSummaries);
    const rows = new Set<string>();
    const host = hosted(
      storesOf(store, () => false),
      (changed) => changed.forEach(({ key }) => rows.add(key)),
      { reader: reopeningReader(() => openJournalReader(path)) },
    );
    await vi.waitFor(
      () => expect(host.stats?.journalTrouble).toContain("SQLITE_IOERR"),
      WITHIN_SECONDS,
    );
    await rm(path);
    const writer = openJournalWriter(path);
    onTestFinished(() => writer.close());
    const bytes = Buffer.from(JSON.stringify([fact("started")]));
    const receivedAt = Date.now();
    writer.append([{ partition: PARTITION, receivedAt, contract: "native", sourceId: "s", bytes }]);
    await host.firstCaughtUp;
    expect(rows).toContain(`run:${executionIdOf("s", "n", "load", "1")}`);
    expect(host.stats).toMatchObject({ journalTrouble: null, position: 1 });
  },
);

it("says that its jobs cannot be loaded, once for many tries, until they are [UNIT-6]", async () => {
  let damaged = true;
  const stores = storesOf(storeWithLetters(), () => false);
  let tries = 0;
  const recentRuns: Stores["jobs"]["recentRuns"] = async (...asked) => {
    tries += 1;
    if (damaged) throw Object.assign(new Error("malformed"), { code: "SQLITE_CORRUPT" });
    return stores.jobs.recentRuns(...asked);
  };
  const said: Error[] = [];
  const host = hosted({ ...stores, jobs: { ...stores.jobs, recentRuns } }, () => {}, {
    onNotLoaded: (error) => said.push(error),
  });
  await vi.waitFor(() => expect(tries).toBeGreaterThan(4), { timeout: 10_000 });
  expect(host.loadTrouble).toMatchObject({ code: "SQLITE_CORRUPT" });
  expect(said).toHaveLength(1);
  damaged = false;
  await host.firstCaughtUp;
  expect(host.loadTrouble).toBeNull();
});
