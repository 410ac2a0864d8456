import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";
import { metric, Traffic } from "./traffic.ts";

/** Longer than a thread may be silent and than a heartbeat of the page may take; 30 s with BATCHWATCH_TEST_LONG=1. */
const PAUSE_MS = process.env["BATCHWATCH_TEST_LONG"] === "1" ? 30_000 : 8_000;

it(`[SUP-3, B18] a pause of ${PAUSE_MS / 1_000} s replaces no thread, changes no state, and live clients go on`, async () => {
  const server = await ServerProcess.start({ BATCHWATCH_SHARDS: "2" });
  const key = await server.source("jobs");
  const token = await server.token("tester");
  await server.ready();
  const at = new Date().toISOString();
  const open = Array.from({ length: 20 }, (_, index) => ({
    job: { name: `open-${index}` },
    run: { id: "1" },
    kind: "started",
    at,
  }));
  await server.post("/api/v1/observations", key, JSON.stringify(open));
  const traffic = await Traffic.start(server, key, token);
  await traffic.flows(5);
  const { trpc, close } = server.client(token);
  const openStates = async () => {
    const { activeJobs } = await trpc.dashboard.get.query();
    return activeJobs.map((row) => `${row.jobName} ${row.state}`).sort();
  };
  const before = await eventually(openStates, (states) => states.length === 20);

  process.kill(server.pid, "SIGSTOP");
  await wait(PAUSE_MS);
  process.kill(server.pid, "SIGCONT");

  await traffic.flows(10);
  expect(await openStates()).toEqual(before);
  await traffic.settle();
  expect(traffic.refused).toEqual([]);
  for (const thread of ["log", "store", "shard-0", "shard-1"]) {
    expect(await metric(server, `batchwatch_thread_restarts_total{thread="${thread}"}`)).toBe(0);
  }
  expect(server.errors).not.toContain("a thread");
  close();
  await server.remove();
}, 90_000);
