import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStores } from "@batchwatch/db";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { RawHttp } from "./raw-http.ts";
import { eventually, ServerProcess } from "./server-process.ts";

const COMMAND = fileURLToPath(new URL("../bin/batchwatch.js", import.meta.url));

let server: ServerProcess;
let manager: string;
beforeAll(async () => {
  server = await ServerProcess.start();
  manager = await server.token("manager");
});
afterAll(() => server.remove());

/** The command line beside the running server: exit code, and what it says. */
function verify(
  dataDir = server.dataDir,
): Promise<{ readonly code: number; readonly out: string }> {
  const env = { ...process.env, BATCHWATCH_DATA_DIR: dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, "audit", "verify"], { env }, (error, out) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out });
    });
  });
}

const heads = async () =>
  (await readFile(join(server.dataDir, "audit-heads.ndjson"), "utf8")).trimEnd().split("\n");

describe("the audit trail of a running server [S63]", () => {
  it("holds every reader of a run's detail, and its head is beside the store within a second", async () => {
    const key = await server.source("jobs");
    const body = JSON.stringify([
      {
        job: { name: "loans", team: "Lending" },
        run: { id: "1" },
        kind: "started",
        at: new Date(),
      },
    ]);
    await eventually(
      () => server.post("/api/v1/observations", key, body),
      (response) => response.status === 202,
    );
    const { trpc, close } = server.client(manager);
    const [run] = (
      await eventually(
        () => trpc.runs.list.query({ limit: 10 }),
        (page) => page.items.length === 1,
      )
    ).items;
    const executionId = run?.executionId ?? "";
    await Promise.all(Array.from({ length: 5 }, () => trpc.runs.get.query({ executionId })));
    const { items } = await trpc.audit.list.query({ filter: { action: "run-viewed" } });
    expect(items[0]).toMatchObject({
      who: "manager",
      subjectKind: "run",
      subjectId: executionId,
      teamId: "lending",
    });
    expect(items[0]?.subjectName).toContain("loans");
    const newest = (await trpc.audit.list.query({ limit: 1 })).items[0]?.seq ?? 0;
    await eventually(heads, (lines) => JSON.parse(lines.at(-1) ?? "{}").seq >= newest, 2_000);
    close();
  });

  it("records what a role may not do, and a wrong key at the door", async () => {
    const onCall = server.client(await server.token("caller", "on-call", "Lending"));
    await expect(onCall.trpc.audit.verify.mutate()).rejects.toThrow("may not call");
    expect((await server.post("/api/v1/observations", `bws_${"x".repeat(43)}`, "[]")).status).toBe(
      401,
    );
    onCall.close();
    const authorization = `Bearer bw_${"x".repeat(43)}`;
    await fetch(`${server.url}/trpc/me.get`, { headers: { authorization } });
    const origin = "https://evil.example";
    await fetch(`${server.url}/auth/refresh`, { method: "POST", headers: { origin } });
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket", `Origin: ${origin}`];
    const head = ["GET /trpc HTTP/1.1", "Host: x", ...upgrade].join("\r\n");
    expect(await RawHttp.ask(Number(new URL(server.url).port), `${head}\r\n\r\n`)).toBe(403);
    const { trpc, close } = server.client(manager);
    const refused = [
      "audit.verify",
      "POST /api/v1/observations",
      "GET /trpc",
      "POST /auth/refresh",
      "UPGRADE /trpc",
    ];
    const page = await eventually(
      () => trpc.audit.list.query({ filter: { action: "access-refused" } }),
      ({ items }) => refused.every((what) => items.some(({ subjectId }) => subjectId === what)),
    );
    expect(page.items.find(({ subjectId }) => subjectId === "audit.verify")?.who).toBe("caller");
    close();
  });

  it("verifies from the page and from the command line, and the evidence checks", async () => {
    const { trpc, close } = server.client(manager);
    expect(await trpc.audit.verify.mutate()).toMatchObject({ intact: true, complete: true });
    const evidence = await trpc.audit.evidence.mutate({ filter: { action: "run-viewed" } });
    expect(evidence.records).toBeGreaterThan(0);
    close();
    const verdict = await verify();
    expect(verdict.out).toContain("records are intact");
    expect(verdict.code).toBe(0);
  });

  it("tells a store that was put back to an older copy, also after the server has gone on with it", async () => {
    const store = join(server.dataDir, "batchwatch.db");
    await server.kill("SIGTERM");
    await copyFile(store, `${store}.copy`);
    await server.boot();
    await server.command("user", "add", "--name", "later", "--role", "auditor");
    await server.kill("SIGTERM");
    for (const ending of ["-wal", "-shm"]) await rm(`${store}${ending}`, { force: true });
    await copyFile(`${store}.copy`, store);
    await server.boot();
    const { code, out } = await verify();
    expect([code, out]).toEqual([1, expect.stringMatching(/put back/)]);
    expect(server.errors).toContain("the audit trail is shorter than it was");
  }, 180_000);
});

/** What a version before the trail left: a user made long ago, no record, no file of heads. */
async function storeOfOld(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-test-"));
  const path = join(folder, "batchwatch.db");
  const auditKey = Buffer.alloc(32, 1);
  const { stores, close } = await openStores({
    path,
    auditKey,
    joinSummaries: () => expect.fail("nothing to join"),
  });
  await stores.identity.addUser("operations", "operations-manager", [], 1);
  await close();
  const file = new Sqlite(path);
  file.exec("update store_meta set int_value = 1 where meta_key = 'store_created_at'");
  file.close();
  return folder;
}

it("a store from before the trail gets its file of heads before its first record, and is intact [AUD-3]", async () => {
  const old = await ServerProcess.start({}, [], await storeOfOld());
  onTestFinished(() => old.remove());
  const reader = old.client(await old.token("reader"));
  const { components } = await reader.trpc.health.get.query();
  expect(components.find(({ name }) => name === "audit")).toMatchObject({ status: "UP" });
  const records = await reader.trpc.audit.list.query({ filter: { action: "setup-ended" } });
  expect(records.items).toMatchObject([{ seq: 1 }]);
  reader.close();
  const lines = await readFile(join(old.dataDir, "audit-heads.ndjson"), "utf8");
  expect(JSON.parse(lines.split("\n")[0] ?? "")).toMatchObject({ seq: 0 });
  expect(lines).not.toContain("begun");
  expect(await verify(old.dataDir)).toMatchObject({ code: 0 });
}, 180_000);
