import { open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";
import { healthOf, metric } from "./traffic.ts";

const run = (name: string) => ({
  job: { name },
  run: { id: "1" },
  kind: "started",
  at: new Date().toISOString(),
});

/** Each test has a server of its own, so that they run at once. */
interface World {
  readonly server: ServerProcess;
  readonly key: string;
  readonly token: string;
}

const it = test.extend<{ world: World }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads what a fixture needs from its first argument
  world: async ({}, use) => {
    const server = await ServerProcess.start({ BATCHWATCH_SHARDS: "2" });
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    await use({ server, key, token });
    await server.remove();
  },
});

async function accepted(server: ServerProcess, key: string, names: string[]): Promise<void> {
  const body = JSON.stringify(names.map(run));
  expect((await server.post("/api/v1/observations", key, body)).status).toBe(202);
}

async function board(server: ServerProcess, token: string): Promise<string[]> {
  const { trpc, close } = server.client(token);
  const { activeJobs } = await trpc.dashboard.get.query();
  close();
  return activeJobs.map((row) => row.jobName).sort();
}

/** A backup as an operator makes and restores it, with nothing left of a newer state beside it. */
async function keepStore(server: ServerProcess, from: string, to: string): Promise<void> {
  const target = join(server.dataDir, to);
  for (const part of ["", "-wal", "-shm"]) await rm(target + part, { force: true });
  const source = new Database(join(server.dataDir, from));
  source.prepare("vacuum into ?").run(target);
  source.close();
}

describe.concurrent("journal and store [UNIT-9]", () => {
  it("a store restored from an older backup is said, not hidden, and facts go on", async ({
    world,
  }) => {
    const { server, key, token } = world;
    await accepted(server, key, ["old"]);
    await server.kill("SIGTERM");
    await keepStore(server, "batchwatch.db", "backup.db");
    await server.boot();
    await server.ready();
    await accepted(server, key, ["lost-1"]);
    await accepted(server, key, ["lost-2"]);
    await server.kill("SIGTERM");
    await keepStore(server, "backup.db", "batchwatch.db");
    await server.boot();
    await server.ready();
    expect(server.errors).toContain("facts between these positions are in neither");
    const { status, summary } = await healthOf(server, "database");
    expect(status).toBe("DEGRADED");
    expect(summary).toContain("are missing");
    await accepted(server, key, ["new"]);
    await eventually(
      () => board(server, token),
      (names) => names.join() === "new,old",
    );
  });

  it("a journal with facts of another store refuses to start and touches neither; an empty one changes over", async ({
    world,
  }) => {
    const { server, key } = world;
    await accepted(server, key, ["kept"]);
    await server.kill("SIGKILL");
    const journal = () => new Database(join(server.dataDir, "journal.db"));
    const file = journal();
    const rows = file.prepare("select count(*) as rows from journal").get() as { rows: number };
    // The canary's facts may be beside ours.
    expect(rows.rows).toBeGreaterThan(0);
    file.prepare("update journal_meta set meta_value = 'other' where meta_key = 'store_id'").run();
    file.close();
    await expect(server.boot()).rejects.toThrow(
      new RegExp(
        `exit 2: .*${rows.rows} records that were accepted for another store \\(other\\)`,
        "s",
      ),
    );
    const after = journal();
    expect(after.prepare("select count(*) as rows from journal").get()).toEqual(rows);
    after.exec("delete from journal");
    after.close();
    await server.boot();
    await server.ready();
    expect(server.errors).toContain("the empty journal goes on with another store");
  });

  it("a lost journal goes on above the store's marks: what is accepted then is seen", async ({
    world,
  }) => {
    const { server, key, token } = world;
    await accepted(server, key, ["before-1"]);
    await accepted(server, key, ["before-2"]);
    await server.kill("SIGTERM");
    for (const part of ["", "-wal", "-shm"]) {
      await rm(join(server.dataDir, `journal.db${part}`), { force: true });
    }
    await server.boot();
    await server.ready();
    await accepted(server, key, ["after"]);
    await eventually(
      () => board(server, token),
      (names) => names.join() === "after,before-1,before-2",
    );
  });

  it("[SUP-9] a damaged journal is named, stepped over and set aside, and nothing readable is lost", async ({
    world,
  }) => {
    const { server, key, token } = world;
    // The store is held by another program: everything stays in the journal.
    const holder = new Database(join(server.dataDir, "batchwatch.db"));
    holder.exec("begin immediate");
    for (let batch = 0; batch < 40; batch += 1) {
      const names = Array.from(
        { length: 25 },
        (_, index) => `job-${batch}-${index}-${"x".repeat(200)}`,
      );
      await accepted(server, key, names);
    }
    await server.kill("SIGKILL");
    holder.exec("rollback");
    holder.close();
    const path = join(server.dataDir, "journal.db");
    const folded = new Database(path);
    folded.pragma("wal_checkpoint(TRUNCATE)");
    const total = (folded.prepare("select count(*) as n from journal").get() as { n: number }).n;
    folded.close();
    const file = await open(path, "r+");
    const { size } = await file.stat();
    const page = Math.floor(size / 4_096 / 2);
    await file.write(Buffer.alloc(4_096, 0xff), 0, 4_096, page * 4_096);
    await file.close();

    await server.boot();
    await server.ready();
    const { status, summary } = await healthOf(server, "journal");
    expect({ status, summary }).toEqual({
      status: "DEGRADED",
      summary: expect.stringContaining("positions of the journal cannot be read") as string,
    });
    const lost = await metric(server, "batchwatch_journal_damaged_positions");
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(total / 2);
    await accepted(server, key, ["after"]);
    const names = await eventually(
      () => board(server, token),
      (all) => all.includes("after"),
    );
    expect(names.length).toBeGreaterThan(400);
    // A stop has two seconds for what is not saved; this machine may need more.
    await eventually(
      () => metric(server, "batchwatch_journal_unsaved_records"),
      (left) => left === 0,
    );
    expect(await server.kill("SIGTERM")).toBe(0);
    const kept = (await readdir(server.dataDir)).filter((name) => name.includes(".damaged-"));
    expect(kept).toHaveLength(1);

    await server.boot();
    await server.ready();
    expect((await healthOf(server, "journal")).status).toBe("UP");
    expect((await board(server, token)).length).toBe(names.length);
    await accepted(server, key, ["later"]);
    await eventually(
      () => board(server, token),
      (all) => all.includes("later"),
    );
  });
});
