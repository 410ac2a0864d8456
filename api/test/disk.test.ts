import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";
import { healthOf, metric, Traffic } from "./traffic.ts";

const MIB = 1_048_576;

/** A small disk of its own; null where this user may not mount one. */
function mountDisk(mib: number): string | null {
  const dir = mkdtempSync(join(tmpdir(), "batchwatch-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "tmpfs", dir], { stdio: "ignore" });
    return dir;
  } catch {
    rmSync(dir, { recursive: true });
    return null;
  }
}

function freeMib(dir: string): number {
  const { bavail, bsize } = statfsSync(dir);
  return (bavail * bsize) / MIB;
}

/** Fills the disk until less than a page is left. */
async function fill(dir: string): Promise<void> {
  const file = await open(join(dir, "filler"), "a");
  const chunk = Buffer.alloc(4_096);
  try {
    for (;;) await file.write(chunk);
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    await file.close();
  }
}

async function allSaved(server: ServerProcess): Promise<void> {
  await eventually(
    () => metric(server, "batchwatch_journal_unsaved_records"),
    (unsaved) => unsaved === 0,
  );
}

async function storeIsUp(server: ServerProcess): Promise<void> {
  await eventually(
    () => healthOf(server, "database"),
    ({ status }) => status === "UP",
  );
}

/** When intake was closed as the store has it, epoch ms. */
function closedIntakeOf({ dataDir }: ServerProcess): { from: number; until: number | null }[] {
  const db = new Sqlite(join(dataDir, "batchwatch.db"), { readonly: true });
  const rows = db
    .prepare(
      `SELECT from_at AS "from", until_at AS "until" FROM blind_interval WHERE reason = 'INTAKE_CLOSED'`,
    )
    .all();
  db.close();
  return rows as { from: number; until: number | null }[];
}

const disk = mountDisk(24);

describe("a full disk", () => {
  const dir = disk ?? "";
  beforeEach((context) => {
    context.skip(disk === null, "mounting a small tmpfs needs root");
  });
  afterAll(() => {
    if (disk === null) return;
    execFileSync("umount", ["-l", dir]);
    rmSync(dir, { recursive: true });
  });

  it("[SUP-4] of the journal: 503 with Retry-After, the board is served, and intake resumes by itself", async () => {
    const server = await ServerProcess.start({ BATCHWATCH_DISK_RESERVE_MB: "0" }, [], dir);
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    const traffic = await Traffic.start(server, key, token);
    await traffic.flows(20);
    await fill(dir);
    await eventually(
      () => traffic.refused.length,
      (refused) => refused > 0,
      15_000,
    );
    expect(traffic.refused[0]).toEqual({ status: 503, code: "disk_full", retryAfter: "1" });
    const words = await eventually(
      () => healthOf(server, "journal"),
      ({ summary }) => summary.includes("disk is full"),
    );
    expect(words.status).toBe("DOWN");
    const { trpc, close } = server.client(token);
    expect((await trpc.dashboard.get.query()).recentCompletions.length).toBeGreaterThanOrEqual(20);
    close();
    await rm(join(dir, "filler"));
    await traffic.flows(20);
    await traffic.settle();
    await eventually(
      () => healthOf(server, "journal"),
      ({ status }) => status === "UP",
    );
    expect(await metric(server, 'batchwatch_thread_restarts_total{thread="log"}')).toBe(0);
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.remove();
  });

  it("[SUP-11] a start on it: the board shows what is saved, health says why, and all goes on once there is space", async () => {
    const folder = join(dir, "start");
    const server = await ServerProcess.start({ BATCHWATCH_DISK_RESERVE_MB: "0" }, [], folder);
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    const traffic = await Traffic.start(server, key, token);
    await traffic.flows(20);
    await traffic.settle();
    await fill(dir);
    await server.kill("SIGKILL");
    await server.boot();
    const words = await eventually(
      () => healthOf(server, "database"),
      ({ summary }) => summary.includes("disk is full"),
    );
    expect(words.status).toBe("DOWN");
    const { trpc, close } = server.client(token);
    await eventually(
      () => trpc.dashboard.get.query(),
      ({ recentCompletions }) => recentCompletions.length >= 20,
    );
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);
    await rm(join(dir, "filler"));
    await server.ready();
    const started = { job: { name: "after" }, run: { id: "1" }, kind: "started", at: new Date() };
    const answer = await server.post("/api/v1/observations", key, JSON.stringify([started]));
    expect(answer.status).toBe(202);
    await eventually(
      () => trpc.dashboard.get.query(),
      ({ activeJobs }) => activeJobs.some(({ jobName }) => jobName === "after"),
    );
    close();
    await allSaved(server);
    await storeIsUp(server);
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.remove();
  });

  it("[SUP-5] of the store alone: facts are accepted and shown, and saved by themselves once there is space", async () => {
    const server = await ServerProcess.start({
      BATCHWATCH_DATABASE_URL: `sqlite:${join(dir, "store.db")}`,
      BATCHWATCH_DISK_RESERVE_MB: "0",
    });
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    const traffic = await Traffic.start(server, key, token);
    await traffic.flows(20);
    await fill(dir);
    const words = await eventually(
      () => healthOf(server, "database"),
      ({ summary }) => summary.includes("disk is full"),
      15_000,
    );
    expect(words.status).toBe("DOWN");
    await traffic.flows(50);
    expect(traffic.refused).toEqual([]);
    await rm(join(dir, "filler"));
    await traffic.settle();
    await allSaved(server);
    await storeIsUp(server);
    expect(await metric(server, 'batchwatch_thread_restarts_total{thread="store"}')).toBe(0);
    await server.remove();
  });

  it("[SUP-4] is kept from filling up: intake stops at the reserve, and what was accepted is saved", async () => {
    await rm(join(dir, "store.db"), { force: true });
    await rm(join(dir, "filler"), { force: true });
    const reserveMib = Math.floor(freeMib(dir)) - 6;
    const server = await ServerProcess.start(
      { BATCHWATCH_DISK_RESERVE_MB: String(reserveMib) },
      [],
      join(dir, "reserve"),
    );
    const key = await server.source("jobs");
    const token = await server.token("tester");
    await server.ready();
    const traffic = await Traffic.start(server, key, token);
    await traffic.flows(10);
    const filler = await open(join(dir, "filler"), "w");
    await filler.write(Buffer.alloc(6 * MIB));
    await filler.close();
    await eventually(
      () => traffic.refused.at(-1)?.code,
      (code) => code === "disk_reserve",
      15_000,
    );
    await allSaved(server);
    expect((await healthOf(server, "journal")).summary).toContain("kept for saving");
    // [CLOCK-15] No job team and no source answers for what is refused meanwhile.
    await eventually(
      () => closedIntakeOf(server),
      ([one]) => one?.until === null,
    );
    await rm(join(dir, "filler"));
    await traffic.flows(10);
    await traffic.settle();
    const [closed] = await eventually(
      () => closedIntakeOf(server),
      ([one]) => (one?.until ?? null) !== null,
    );
    expect(closed?.until).toBeGreaterThan(closed?.from ?? 0);
    await server.remove();
  });
});
