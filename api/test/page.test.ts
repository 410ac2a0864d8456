import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries } from "@batchwatch/engine";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually, PATIENCE, ServerProcess } from "./server-process.ts";
import { distinct, WebhookReceiver } from "./webhook-receiver.ts";

const LONG = process.env["BATCHWATCH_TEST_LONG"] === "1";
const TIMES = LONG ? 200 : 5;
const POINTS = ["before-commit", "after-commit", "after-send", "before-mark"] as const;
/** Until what a dead process promised has come; a lease that nobody ends would hold it for a minute. */
const COMES_AGAIN_MS = 15_000;
/** Pages of a round whose slowest is compared, and how slow one may be on a busy machine whoever is beside it, ms. */
const PAGES = 20;
const NOISE_MS = 150 * PATIENCE;

let server: ServerProcess;
let receiver: WebhookReceiver;
let slow: WebhookReceiver;
let key: string;
let token: string;
let secret: string;

beforeAll(async () => {
  receiver = await WebhookReceiver.listen();
  slow = await WebhookReceiver.listen();
  server = await ServerProcess.start({
    BATCHWATCH_TEST_FAULTS: "1",
    BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: `${receiver.host},${slow.host}`,
  });
  const hook = await server.command("webhook", "add", "--name", "desk", "--url", receiver.url);
  secret = hook["secret"] ?? "";
  key = await server.source("bank", "native", "--paging");
  token = await server.token("tester");
  await server.ready();
});
afterAll(async () => {
  await server.remove();
  await receiver.close();
  await slow.close();
});

function fact(job: string, kind: string, run = "1", more: object = {}): object {
  const at = new Date().toISOString();
  return { job: { name: job }, run: { id: run, ...more }, kind, at };
}

async function say(...facts: readonly object[]): Promise<void> {
  const answer = await server.post("/api/v1/observations", key, JSON.stringify(facts));
  expect(await answer.json()).toMatchObject({ accepted: facts.length });
}

/** A run of a job that nobody has seen yet; one source's third failure within two minutes would join the others' incident. */
async function fail(job: string): Promise<void> {
  await say(fact(job, "started"), { ...fact(job, "failed"), message: "no input file" });
}

async function incidentOf(job: string): Promise<string> {
  const [page] = await eventually(
    () => receiver.pagesOf(job),
    (pages) => pages.length > 0,
  );
  return page?.incidentId ?? "";
}

describe("a failed run [S13, B24, I4]", () => {
  it("is at the webhook, signed, with what a person needs to know", async () => {
    await fail("first");
    const incidentId = await incidentOf("first");
    const [page] = receiver.pagesOf("first");
    const { body = "", headers } = page ?? {};
    const signed = `${String(headers?.["webhook-id"])}.${String(headers?.["webhook-timestamp"])}.${body}`;
    const bytes = Buffer.from(secret.replace("whsec_", ""), "base64");
    const mac = createHmac("sha256", bytes).update(signed).digest("base64");
    expect(headers?.["webhook-signature"]).toBe(`v1,${mac}`);
    expect(JSON.parse(body)).toMatchObject({
      data: { title: "FAILED first", message: "no input file", severity: "HIGH", incidentId },
    });
    const { trpc, close } = server.client(token);
    const view = await trpc.incidents.get.query({ incidentId });
    expect(view).toMatchObject({
      state: "OPEN",
      causeKind: "FAILED",
      untold: null,
      deliveries: [{ channel: "webhook", receiver: "desk", state: "SENT" }],
    });
    close();
  });

  it("is acknowledged once, whoever repeats the command, and a second client sees it", async () => {
    const incidentId = await incidentOf("first");
    const { trpc, close } = server.client(token);
    const seen: string[] = [];
    const watching = trpc.live.changes.subscribe(undefined, {
      onData: ({ data }) => {
        if (data.type !== "changes") return;
        for (const row of data.changes) if (row.kind === "incident") seen.push(row.state);
      },
    });
    await new Promise((resolve) => {
      setTimeout(resolve, 300 * PATIENCE);
    });
    const command = { commandId: randomUUID(), incidentId };
    const once = await trpc.incidents.acknowledge.mutate(command);
    const twice = await trpc.incidents.acknowledge.mutate(command);
    expect(once).toMatchObject({ outcome: "done", state: "ACKNOWLEDGED" });
    expect(twice).toEqual(once);
    await eventually(
      () => seen,
      (states) => states.includes("ACKNOWLEDGED"),
    );
    const other = await server.token("other");
    const second = server.client(other);
    const late = await second.trpc.incidents.acknowledge.mutate({
      commandId: randomUUID(),
      incidentId,
    });
    expect(late).toMatchObject({ outcome: "someone-has-it", acknowledgedBy: { name: "tester" } });
    const { events } = await trpc.incidents.get.query({ incidentId });
    expect(events.filter((event) => event.kind === "acknowledged")).toHaveLength(1);
    watching.unsubscribe();
    close();
    second.close();
  });

  it("is over when its instance succeeds, and those who were told are told that", async () => {
    const params = { params: { businessDate: "2026-11-24" } };
    await say({ ...fact("dated", "failed", "1"), ...params });
    const incidentId = await incidentOf("dated");
    const { trpc, close } = server.client(token);
    await say({ ...fact("dated", "started", "2"), ...params });
    await eventually(
      () => trpc.incidents.get.query({ incidentId }),
      (view) => view.state === "RECOVERING" && view.recovering?.attempt === 2,
    );
    await say({ ...fact("dated", "succeeded", "2"), ...params });
    await eventually(
      () => trpc.incidents.get.query({ incidentId }),
      (view) => view.state === "RESOLVED" && view.resolution === "cleared",
    );
    await eventually(
      () => receiver.arrivals.filter((one) => one.incidentId === incidentId).map((one) => one.type),
      (types) => types.includes("incident.recovered"),
    );
    close();
  });

  it("of a source that only watches tells nobody, and says why", async () => {
    const quiet = await server.source("quiet");
    const body = JSON.stringify([fact("hushed", "failed")]);
    await (await server.post("/api/v1/observations", quiet, body)).arrayBuffer();
    const { trpc, close } = server.client(token);
    const page = await eventually(
      () => trpc.incidents.list.query({ limit: 50 }),
      ({ items }) => items.some((one) => one.jobName === "hushed"),
    );
    const incident = page.items.find((one) => one.jobName === "hushed");
    expect(incident?.untold).toBe("source-watching");
    const why = await trpc.incidents.whyNotPaged.query({ incidentId: incident?.incidentId ?? "" });
    expect(why).toMatchObject({ paged: false, reason: "source-watching", deliveries: [] });
    expect(why).toMatchObject({
      mode: "host",
      setBy: "Command line on the host",
      approvedBy: null,
    });
    expect(why.audit).toMatchObject([{ action: "host-command", subjectName: "quiet" }]);
    expect(receiver.pagesOf("hushed")).toEqual([]);
    close();
  });
});

describe("a slow or dead receiver [I4]", () => {
  afterEach(() => {
    slow.delayMs = 0;
  });

  it("delays nobody else, and is sent the same message again", async () => {
    slow.delayMs = Number.POSITIVE_INFINITY;
    await server.command("webhook", "add", "--name", "slow", "--url", slow.url);
    const other = await server.source("second", "native", "--paging");
    const tookMs: number[] = [];
    for (const job of ["a", "b"]) {
      const at = Date.now();
      const body = JSON.stringify([fact(`beside-${job}`, "failed")]);
      await (await server.post("/api/v1/observations", other, body)).arrayBuffer();
      await incidentOf(`beside-${job}`);
      tookMs.push((receiver.pagesOf(`beside-${job}`)[0]?.at ?? 0) - at);
    }
    expect(Math.max(...tookMs)).toBeLessThan(1_000 * PATIENCE);
    slow.delayMs = 0;
    slow.drop();
    const { trpc, close } = server.client(token);
    await eventually(
      () => trpc.deliveries.list.query({ limit: 50 }),
      ({ items }) =>
        items.filter((one) => one.receiver === "slow" && one.state === "SENT").length >= 2,
      30_000,
    );
    expect(distinct(slow.pagesOf("beside-a"))).toHaveLength(1);
    expect(slow.pagesOf("beside-a").length).toBeGreaterThan(1);
    close();
  }, 120_000);

  it("leaves the others' slowest page of twenty as it was", async () => {
    // Of each source one failure in either round: a third would join the others' incident.
    const keys: string[] = [];
    for (let one = 0; one < PAGES; one += 1) {
      keys.push(await server.source(`source-${one}`, "native", "--paging"));
    }
    const round = async (name: string): Promise<number> => {
      const tookMs: number[] = [];
      for (const [one, own] of keys.entries()) {
        const job = `${name}-${one}`;
        const at = Date.now();
        const body = JSON.stringify([fact(job, "failed")]);
        await (await server.post("/api/v1/observations", own, body)).arrayBuffer();
        const [page] = await eventually(
          () => receiver.pagesOf(job),
          (pages) => pages.length > 0,
        );
        tookMs.push((page?.at ?? 0) - at);
      }
      return Math.max(...tookMs);
    };
    slow.delayMs = 0;
    const quietMs = await round("quiet");
    slow.delayMs = Number.POSITIVE_INFINITY;
    const besideMs = await round("held-up");
    process.stdout.write(
      `slowest page of ${PAGES}: ${quietMs} ms, beside one that hangs ${besideMs} ms\n`,
    );
    expect(besideMs).toBeLessThan(Math.max(2 * quietMs, NOISE_MS));
    expect(slow.pagesOf("held-up-0")).toHaveLength(1);
  }, 120_000);
});

/**
 * A server that dies at this point, and its receiver. What commands would add one after the other is in the store before it starts: a
 * source for each job, as failures of one source that come together are one incident.
 */
async function dyingServer(jobs: readonly string[]): Promise<{
  readonly server: ServerProcess;
  readonly receiver: WebhookReceiver;
  readonly token: string;
  readonly keys: ReadonlyMap<string, string>;
}> {
  const own = await WebhookReceiver.listen();
  const dataDir = await mkdtemp(join(tmpdir(), "batchwatch-test-"));
  const dying = new ServerProcess(
    dataDir,
    { BATCHWATCH_TEST_FAULTS: "1", BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: own.host },
    [],
  );
  await dying.command("webhook", "add", "--name", "desk", "--url", own.url);
  const path = join(dataDir, "batchwatch.db");
  const { stores, close } = await openStores({ path, joinSummaries: joinStoredSummaries });
  const keys = new Map<string, string>();
  for (const name of jobs) {
    const secretKey = `bws_${randomBytes(32).toString("base64url")}`;
    keys.set(name, secretKey);
    const keyHash = createHash("sha256").update(secretKey).digest("hex");
    const source = {
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: null,
    } as const;
    await stores.sources.add({ ...source, name, pagingMode: "PAGING", keyHash }, Date.now());
  }
  await close();
  await dying.boot();
  return { server: dying, receiver: own, token: await dying.token("tester"), keys };
}

describe("kill -9 between a failure and its page [I1, I4, I5, B24]", () => {
  // Each point has a server of its own, so that they start side by side.
  it.concurrent.each(POINTS)(
    `at %s, ${TIMES} times: every page comes soon, under one id`,
    async (point) => {
      const jobs = Array.from({ length: TIMES }, (_, time) => `${point}-${time}`);
      const { server: dying, receiver: told, token: access, keys } = await dyingServer(jobs);
      try {
        for (const job of jobs) {
          const own = keys.get(job) ?? "";
          await writeFile(join(dying.dataDir, `crash.${point}`), "");
          const died = dying.exited();
          const body = JSON.stringify([fact(job, "failed")]);
          const answer = await dying.post("/api/v1/observations", own, body).catch(() => null);
          await died;
          await dying.boot();
          // It may have died on the way to the page before: what got no answer is sent again, as a producer does.
          if (answer?.status !== 202) await dying.post("/api/v1/observations", own, body);
        }
        await dying.ready();
        for (const job of jobs) {
          await eventually(
            () => told.pagesOf(job),
            (pages) => pages.length > 0,
            COMES_AGAIN_MS,
          );
          expect(distinct(told.pagesOf(job)), job).toHaveLength(1);
        }
        const { trpc, close } = dying.client(access);
        await eventually(
          () => trpc.deliveries.list.query({ filter: { states: ["PENDING"] }, limit: 50 }),
          ({ items }) => items.length === 0,
          COMES_AGAIN_MS,
        );
        const { items } = await trpc.incidents.list.query({ limit: 200 });
        for (const job of jobs) {
          expect(items.filter((one) => one.jobName === job)).toHaveLength(1);
        }
        close();
      } finally {
        await dying.remove();
        await told.close();
      }
    },
    LONG ? 3_600_000 : 300_000,
  );
});
