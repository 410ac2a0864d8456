import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, ServerProcess } from "./server-process.ts";

const PATH = "/api/v1/observations";
const MAIL = "owner@bank.example";
let server: ServerProcess;
let key: string;
let client: ReturnType<ServerProcess["client"]>;

beforeAll(async () => {
  server = await ServerProcess.start();
  client = server.client(await server.token("Duty Operator"));
  key = await server.source("night");
  await server.ready();
});
afterAll(async () => {
  client.close();
  await server.remove();
});

const sourceId = async () => (await client.trpc.sources.list.query()).items[0]?.sourceId ?? "";

/** Sends a run whose parameters hold an address, and reads what was kept of them. */
async function paramsOf(runId: string) {
  const params = { contact: MAIL, note: MAIL, contactCard: "4539148803436467" };
  const fact = {
    job: { name: "GL_EXTRACT" },
    run: { id: runId },
    kind: "started",
    at: Date.now(),
    params,
  };
  expect((await server.post(PATH, key, JSON.stringify([fact]))).status).toBe(202);
  const run = await eventually(
    async () => (await client.trpc.runs.list.query({})).items.find((one) => one.runKey === runId),
    (one) => one !== undefined,
  );
  return (await client.trpc.runs.get.query({ executionId: run?.executionId ?? "" })).params;
}

async function propose(field: string, kinds: ("email" | "secret")[]) {
  const asked = { commandId: randomUUID(), reason: "the owner is told by mail", breakGlass: false };
  const change = {
    kind: "masking-exception" as const,
    payload: { sourceId: await sourceId(), field, kinds },
  };
  return client.trpc.sources.propose.mutate({ change, ...asked });
}

const hidden = { contact: "[email]", note: "[email]", contactCard: "[card …6467]" };

test("an approved exception keeps its kinds of its field, from then on, and until it is taken back", async () => {
  expect(await paramsOf("before")).toEqual(hidden);
  expect(await propose("contact", ["email"])).toMatchObject({ outcome: "applied" });
  expect(await paramsOf("meanwhile")).toEqual({ ...hidden, contact: MAIL });
  expect(await propose("contact", [])).toMatchObject({ outcome: "applied" });
  expect(await paramsOf("after")).toEqual(hidden);
});

test("no exception keeps a secret", async () => {
  await expect(propose("contact", ["secret"])).rejects.toThrow("secrets are always hidden");
  await expect(propose("db_password", ["email"])).rejects.toThrow("no exception");
});

test("what was hidden and kept is told with the source, by day and kind, and in the metrics", async () => {
  const day = new Date().toISOString().slice(0, 10);
  const source = await eventually(
    async () => client.trpc.sources.get.query({ sourceId: await sourceId() }),
    ({ masked }) => masked.some(({ kind, hidden: count }) => kind === "email" && count >= 5),
  );
  expect(source.masked).toEqual([
    { day, kind: "card", hidden: 3, kept: 0 },
    { day, kind: "email", hidden: 5, kept: 1 },
  ]);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('batchwatch_masked_total{kind="email"} 5');
  expect(metrics).toContain('batchwatch_mask_kept_total{kind="email"} 1');
  expect(metrics).toContain('batchwatch_masked_total{kind="iban"} 0');
});
