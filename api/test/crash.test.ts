import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";

/** More of them, with everything else about recovery, in the bench of that name. */
const KILLS = 6;
const RUNS_PER_BATCH = 20;
/** Random but repeatable: the seed is printed when the test fails. */
const SEED = Number(process.env["BATCHWATCH_TEST_SEED"] ?? Date.now() % 1_000_000);

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function missingIn(seen: readonly string[], wanted: ReadonlySet<string>): readonly string[] {
  const distinct = new Set(seen);
  return [...wanted].filter((name) => !distinct.has(name));
}

describe(`kill -9 at random moments, seed ${SEED} [I1, B24]`, () => {
  let server: ServerProcess;
  let key: string;
  let token: string;
  async function databaseHealth(): Promise<{ unsaved_jobs: number }> {
    const answer = await fetch(`${server.url}/health`);
    const health = (await answer.json()) as {
      components: { database: { details: { unsaved_jobs: number } } };
    };
    return health.components.database.details;
  }
  beforeAll(async () => {
    server = await ServerProcess.start();
    key = await server.source("jobs");
    token = await server.token("tester");
  });
  afterAll(() => server.remove());

  it("loses no acknowledged fact, shows none twice, and has the board back within 2 s", async () => {
    const next = random(SEED);
    const acknowledged = new Set<string>();
    let batch = 0;
    const recoveries: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      let killed = false;
      const killing = new Promise<void>((resolve) => {
        setTimeout(
          () => {
            killed = true;
            void server.kill("SIGKILL").then(() => resolve());
          },
          30 + next() * 250,
        );
      });
      while (!killed) {
        batch += 1;
        const names = Array.from({ length: RUNS_PER_BATCH }, (_, index) => `run-${batch}-${index}`);
        const at = new Date().toISOString();
        const body = names.map((id, index) => ({
          job: { name: `job-${index}` },
          run: { id },
          kind: index % 3 === 0 ? "succeeded" : "started",
          at,
        }));
        try {
          const response = await server.post("/api/v1/observations", key, JSON.stringify(body));
          if (response.status === 202) for (const name of names) acknowledged.add(name);
          await response.arrayBuffer();
        } catch {
          // The process died under the request: not acknowledged, so nothing is claimed of it.
        }
      }
      await killing;
      await server.boot();
      const started = Date.now();
      await server.ready();
      recoveries.push(Date.now() - started);
    }
    const { trpc, close } = server.client(token);
    const seen = await eventually(
      async () => {
        const keys: string[] = [];
        let cursor: string | null = null;
        do {
          const page: { items: { runKey: string }[]; nextCursor: string | null } =
            await trpc.runs.list.query({ limit: 200, cursor });
          keys.push(...page.items.map((run) => run.runKey));
          cursor = page.nextCursor;
        } while (cursor !== null);
        return keys;
      },
      // What got no answer may have been kept as well: the number says nothing.
      (keys) => missingIn(keys, acknowledged).length === 0,
      20_000,
    );
    close();
    const { unsaved_jobs } = await eventually(
      databaseHealth,
      (details) => details.unsaved_jobs === 0,
      20_000,
    );
    expect(unsaved_jobs).toBe(0);
    expect(missingIn(seen, acknowledged)).toEqual([]);
    expect(seen.length).toBe(new Set(seen).size);
    expect(acknowledged.size).toBeGreaterThan(KILLS * RUNS_PER_BATCH);
    expect(Math.max(...recoveries)).toBeLessThanOrEqual(2_000);
  }, 180_000);

  it("stops cleanly: everything saved, the journal empty, exit code 0", async () => {
    await server.post(
      "/api/v1/observations",
      key,
      JSON.stringify([
        {
          job: { name: "last" },
          run: { id: "last" },
          kind: "started",
          at: new Date().toISOString(),
        },
      ]),
    );
    expect(await server.kill("SIGTERM")).toBe(0);
    expect((await readdir(server.dataDir)).filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
    const { default: Database } = await import("better-sqlite3");
    const journal = new Database(`${server.dataDir}/journal.db`, { readonly: true });
    expect(journal.prepare("select count(*) as rows from journal").get()).toEqual({ rows: 0 });
    journal.close();
  });
});
