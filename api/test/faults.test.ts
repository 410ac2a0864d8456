import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, PATIENCE, ServerProcess } from "./server-process.ts";
import { healthOf, metric, Traffic } from "./traffic.ts";

const SHARDS = 2;
const THREADS = ["shard-0", "store", "log"] as const;
type Thread = (typeof THREADS)[number];
/** What SUP-3 gives a hung thread until another works in its place, ms. */
const REPLACED_MS = 4_000 * PATIENCE;
const OTHERS_P99_MS = 500 * PATIENCE;

const restarts = (thread: string) => `batchwatch_thread_restarts_total{thread="${thread}"}`;
const running = (thread: string) => `batchwatch_thread_running{thread="${thread}"}`;

/** Written whole before it can be seen. */
async function signal(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

async function inject(server: ServerProcess, thread: Thread, fault: string): Promise<number> {
  const file = join(server.dataDir, `fault.${thread}`);
  await signal(file, fault);
  await eventually(
    () => existsSync(file),
    (there) => !there,
  );
  return Date.now();
}

async function replaced(server: ServerProcess, thread: Thread, times: number): Promise<number> {
  await eventually(
    async () => [await metric(server, restarts(thread)), await metric(server, running(thread))],
    ([count, up]) => count === times && up === 1,
    15_000,
  );
  return Date.now();
}

describe.each([
  { faults: ["exit", "throw", "boot"] as const, env: {} },
  { faults: ["hang", "heap"] as const, env: { BATCHWATCH_THREAD_HEAP_MB: "64" } },
])("a thread that ends by: $faults [SUP-1, SUP-2, SUP-3]", ({ faults, env }) => {
  let server: ServerProcess;
  let key: string;
  let token: string;
  beforeAll(async () => {
    server = await ServerProcess.start({
      BATCHWATCH_TEST_FAULTS: "1",
      BATCHWATCH_SHARDS: String(SHARDS),
      ...env,
    });
    key = await server.source("jobs");
    token = await server.token("tester");
    await server.ready();
  });
  afterAll(() => server.remove());

  const cases = THREADS.flatMap((thread) => faults.map((fault) => ({ thread, fault })));
  it.each(cases)("$thread, $fault: it is replaced and harms nobody else", async (one) => {
    const { thread, fault } = one;
    const before = await metric(server, restarts(thread));
    const traffic = await Traffic.start(server, key, token);
    await traffic.flows(10);
    // A start that fails can only be seen at a start: the thread dies once more before.
    if (fault === "boot") await signal(join(server.dataDir, `fault.${thread}.boot`), "1");
    const at = await inject(server, thread, fault === "boot" ? "exit" : fault);
    const back = await replaced(server, thread, before + (fault === "boot" ? 2 : 1));
    // Heap exhaustion takes as long as the collector fights it; the thread is gone only then.
    if (fault !== "heap") expect(back - at).toBeLessThanOrEqual(REPLACED_MS);
    await traffic.flows(20);
    await traffic.settle();
    if (thread === "log") {
      for (const { status, code, retryAfter } of traffic.refused) {
        expect({ status, code, retryAfter }).toEqual({
          status: 503,
          code: "not_durable",
          retryAfter: "1",
        });
      }
      if (fault === "hang") expect(traffic.refused.length).toBeGreaterThan(0);
    } else {
      expect(traffic.refused).toEqual([]);
      const hit = thread === "shard-0" ? 0 : SHARDS;
      expect(traffic.p99OutsideOf(hit, SHARDS, at)).toBeLessThanOrEqual(OTHERS_P99_MS);
    }
    expect(await metric(server, restarts("shard-1"))).toBe(0);
    for (const component of ["database", "journal"]) {
      await eventually(
        () => healthOf(server, component),
        ({ status }) => status === "UP",
      );
    }
  });
});

// Each on a server of its own, and mostly waiting.
describe.concurrent("the end of patience", () => {
  it("[SUP-2] ends the process with the reason when a thread dies six times within a minute", async () => {
    const server = await ServerProcess.start({ BATCHWATCH_TEST_FAULTS: "1" });
    await server.ready();
    await signal(join(server.dataDir, "fault.store.boot"), "99");
    await inject(server, "store", "exit");
    expect(await server.exited()).toBe(1);
    expect(server.errors).toContain("The store thread: died 6 times within a minute");
    // What a thread threw may be a job's words: only its kind and our own frames are said.
    expect(server.errors).not.toContain("a boot fault of the test");
    expect(server.errors).toContain("api/bundle/test-faults");
    await server.remove();
  });

  it("[SUP-5, SUP-6] a stop while the store is away ends in time and loses nothing", async () => {
    const server = await ServerProcess.start({ BATCHWATCH_TEST_FAULTS: "1" });
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    await signal(join(server.dataDir, "fault.store.boot"), "4");
    await inject(server, "store", "exit");
    const fact = { job: { name: "kept" }, run: { id: "kept" }, kind: "started" };
    const response = await server.post(
      "/api/v1/observations",
      key,
      JSON.stringify([{ ...fact, at: new Date().toISOString() }]),
    );
    expect(response.status).toBe(202);
    const me = await fetch(`${server.url}/trpc/me.get`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect({ status: me.status, text: await me.text() }).toEqual({
      status: 503,
      text: expect.stringContaining("store is being restarted") as string,
    });
    expect((await healthOf(server, "database")).summary).toContain("Facts are kept in the journal");
    const stopping = Date.now();
    expect(await server.kill("SIGTERM")).toBe(0);
    expect(Date.now() - stopping).toBeLessThan(5_000 * PATIENCE);
    await server.boot();
    await server.ready();
    const { trpc, close } = server.client(token);
    const dashboard = await trpc.dashboard.get.query();
    expect(dashboard.activeJobs.map((row) => row.jobName)).toEqual(["kept"]);
    close();
    await server.remove();
  });

  it("without the variable a signal file harms nobody: the door does not exist", async () => {
    const server = await ServerProcess.start();
    await server.ready();
    const file = join(server.dataDir, "fault.log");
    await signal(file, "exit");
    await signal(`${file}.boot`, "9");
    const key = await server.source("jobs");
    const response = await server.post("/api/v1/observations", key, "[]");
    expect(response.status).toBe(202);
    expect(await metric(server, restarts("log"))).toBe(0);
    expect(existsSync(file)).toBe(true);
    await server.remove();
  });
});
