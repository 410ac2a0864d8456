import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";

const event = (name: string, id: string, kind: string) => ({
  job: { namespace: "core", name },
  run: { id },
  kind,
  at: new Date().toISOString(),
});

describe("what people set, while facts flow", () => {
  let server: ServerProcess;
  let key: string;
  let token: string;
  let client: ReturnType<ServerProcess["client"]>;
  beforeAll(async () => {
    server = await ServerProcess.start({ BATCHWATCH_SHARDS: "2" });
    key = await server.source("jobs");
    token = await server.token("manager");
    client = server.client(token);
  });
  afterAll(async () => {
    client.close();
    await server.remove();
  });

  const command = (jobId: string) => ({ commandId: randomUUID(), jobId });

  async function post(...events: object[]): Promise<void> {
    await eventually(
      () => server.post("/api/v1/observations", key, JSON.stringify(events)),
      (response) => response.status === 202,
    );
  }

  async function jobNamed(name: string): Promise<string> {
    const { items } = await eventually(
      () => client.trpc.jobs.list.query({ limit: 200 }),
      (page) => page.items.some((job) => job.name === name),
    );
    return items.find((job) => job.name === name)?.jobId ?? "";
  }

  const runsOf = async (jobId: string): Promise<string[]> => {
    const keys: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.trpc.runs.list.query>> =
        await client.trpc.runs.list.query({ limit: 200, cursor, filter: { jobId } });
      keys.push(...page.items.map((run) => `${run.runKey} ${run.state}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return keys.sort();
  };

  it("a rename continues the history: nothing lost, nothing twice, and a crash changes nothing [I1, I3, SET-4, SET-5]", async () => {
    await post(event("extract", "before", "started"), event("extract", "before", "succeeded"));
    const jobId = await jobNamed("extract");
    const flow = async (from: number, to: number) => {
      for (let index = from; index < to; index += 1) {
        await post(event("extract-v2", `run-${index}`, "started"));
        // Ends come later, so that each run is under way when the job is renamed.
        if (index >= 5) await post(event("extract-v2", `run-${index - 5}`, "failed"));
      }
    };
    await flow(0, 20);
    const removed = await jobNamed("extract-v2");
    const renaming = client.trpc.jobs.rename.mutate({ ...command(jobId), name: "extract-v2" });
    const flowing = flow(20, 40);
    expect(await renaming).toMatchObject({ jobId, name: "extract-v2" });
    await flowing;
    await server.kill("SIGKILL");
    await server.boot();
    await server.ready();
    client.close();
    client = server.client(token);
    await flow(40, 60);
    const all = Array.from({ length: 60 }, (_, i) => `run-${i} ${i < 55 ? "failed" : "running"}`);
    const runs = await eventually(
      () => runsOf(jobId),
      (found) => found.length >= 61 && found.filter((run) => run.endsWith("failed")).length >= 55,
    );
    expect(runs).toEqual(["before succeeded", ...all].sort());
    const { items } = await client.trpc.jobs.list.query({ limit: 200 });
    expect(items.map((job) => job.name)).toEqual(["extract-v2"]);
    expect(await client.trpc.jobs.get.query({ jobId: removed })).toMatchObject({ jobId });
    expect(await runsOf(removed)).toEqual([]);
  });

  it("settings reach a running server from elsewhere within a second, and stay over a restart [SET-3]", async () => {
    const jobId = await jobNamed("extract-v2");
    const file = join(server.dataDir, "days.csv");
    await writeFile(file, "day,kind,label\n2026-12-25,FREE,Christmas Day\n");
    await server.command("calendar", "import", file, "--id", "target");
    await server.command(
      ..."job configure extract-v2 --tier 1 --start-grace 10m --calendar target".split(" "),
      "--schedule",
      "30 2 * * 1-5",
      "--zone",
      "Europe/Berlin",
    );
    const onBoard = () =>
      eventually(
        () => client.trpc.dashboard.get.query(),
        ({ activeJobs }) =>
          activeJobs.some((row) => row.jobId === jobId) &&
          activeJobs.every((row) => row.tier === 1 && row.jobName === "extract-v2"),
        1_000,
      );
    await onBoard();
    await client.trpc.jobs.retire.mutate({ ...command(jobId), from: "2199-01-01T00:00:00Z" });
    const before = await client.trpc.jobs.get.query({ jobId });
    expect(before).toMatchObject({
      tier: 1,
      settings: { schedule: { calendarId: "target" }, clocks: { startGraceMs: 600_000 } },
    });
    expect(before.changes.map((change) => change.by)).toContain("command line");
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.boot();
    await server.ready();
    client.close();
    client = server.client(token);
    expect(await client.trpc.jobs.get.query({ jobId })).toEqual(before);
    await onBoard();
    await post(event("extract", "under the old name", "started"));
    await eventually(
      () => runsOf(jobId),
      (runs) => runs.includes("under the old name running"),
    );
  });

  it("a refusal names its reason and the field over HTTP [SET-8, SCHED-2]", async () => {
    const jobId = await jobNamed("extract-v2");
    const refused = async (change: object): Promise<unknown> => {
      try {
        await client.trpc.jobs.configure.mutate({ ...command(jobId), change });
        return null;
      } catch (error) {
        return error instanceof TRPCClientError ? error.data : error;
      }
    };
    const schedule = { expression: "30 2 * *", zone: "UTC" };
    expect(await refused({ schedule })).toMatchObject({
      code: "BAD_REQUEST",
      reason: "invalid_schedule",
      field: "schedule.expression",
    });
    expect(
      await refused({ schedule: { ...schedule, expression: "* * * * *", calendarId: "x" } }),
    ).toMatchObject({
      reason: "unknown_calendar",
      field: "schedule.calendarId",
    });
    expect(await refused({ clocks: { heartbeatMs: 1 } })).toMatchObject({
      reason: "invalid_input",
      field: "change.clocks.heartbeatMs",
    });
  });
});
