import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { TestBrowser } from "../src/notify/test-browser.ts";
import { TestReceiver } from "../src/notify/test-receiver.ts";
import {
  badLineageEvents,
  CANARY,
  CONTROL,
  foundIn,
  lineageEvents,
  nativeBodies,
  TEXT,
} from "./canary-texts.ts";
import { eventually, ServerProcess } from "./server-process.ts";

/**
 * [S62, I7] Values of every kind go in by every way there is, and then everything that Batchwatch wrote, sent or answered is
 * searched for them. A plain word goes with them: where it is not found, the search would prove nothing.
 */
const NATIVE = "/api/v1/observations";
const LINEAGE = "/api/v1/lineage";
const browser = new TestBrowser();
const folder = await mkdtemp(join(tmpdir(), "batchwatch-canary-"));
const answers: [place: string, content: Buffer | string][] = [];
const frames: string[] = [];
let receiver: TestReceiver;
let server: ServerProcess;
let socket: WebSocket;
let token: string;
let nativeKey: string;
let lineageKey: string;
let client: ReturnType<ServerProcess["client"]>;

beforeAll(async () => {
  receiver = await TestReceiver.start("https");
  const host = `localhost:${receiver.port}`;
  await writeFile(join(folder, "ca.pem"), receiver.ca);
  server = await ServerProcess.start({
    BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: host,
    BATCHWATCH_PUSH_ALLOWED_HOSTS: host,
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
  });
  token = await server.token("Duty Operator");
  client = server.client(token);
  nativeKey = await server.source("night", "native", "--team", "Payments");
  lineageKey = await server.source("lineage", "openlineage", "--team", "Payments");
  await server.command("source", "start-paging", "--name", "night");
  await server.command("source", "start-paging", "--name", "lineage");
  await server.command("webhook", "add", "--name", "SIEM", "--url", `https://${host}/hook`);
  await server.command("oncall", "set", "--team", "Payments", "--users", "Duty Operator");
  await server.ready();
  await client.trpc.push.subscribe.mutate({
    endpoint: `https://${host}/push`,
    p256dh: browser.p256dh,
    auth: browser.auth,
    label: TEXT.slice(0, 200),
    isPrivate: false,
  });
  socket = await openSocket();
});
afterAll(async () => {
  client.close();
  socket.close();
  await receiver.stop();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A socket as the page has one; every frame is kept as it came. */
async function openSocket(): Promise<WebSocket> {
  const opened = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`);
  opened.on("message", (frame: Buffer) => frames.push(frame.toString("utf8")));
  await new Promise((resolve) => {
    opened.once("open", resolve);
  });
  const send = (message: unknown) => opened.send(JSON.stringify(message));
  send({ method: "connectionParams", data: { token } });
  send({
    id: 1,
    jsonrpc: "2.0",
    method: "subscription",
    params: { path: "live.changes", input: {} },
  });
  return opened;
}

/** Sends it, and keeps the answer to be searched. */
async function ask(place: string, path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(`${server.url}${path}`, init);
  const headers = JSON.stringify([...response.headers]);
  answers.push([place, `${headers}\n${await response.text()}`]);
  return response.status;
}

/** A call of the API, good or refused; what it answers is searched. */
async function call(place: string, made: Promise<unknown>): Promise<unknown> {
  const answer: unknown = await made.catch((error: Error) => ({
    refused: error.message,
    ...Object.fromEntries(Object.entries(error)),
  }));
  answers.push([place, JSON.stringify(answer)]);
  return answer;
}

async function filesOf(): Promise<[place: string, content: Buffer][]> {
  const names = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Promise.all(files.map(async (file) => [file, await readFile(file)]));
}

const leaks = (all: readonly (readonly [string, Buffer | string])[]) =>
  all.flatMap(([place, content]) => foundIn(place, content));
const has = (content: Buffer | string) => content.toString("latin1").includes(CONTROL);
const auth = { authorization: `Bearer ${CANARY.secret}` };

describe("canaries", { timeout: 120_000 }, () => {
  test("go in by every contract, good and bad, whole and broken", async () => {
    for (const { what, body, headers } of nativeBodies()) {
      const init = {
        method: "POST",
        headers: {
          authorization: `Bearer ${nativeKey}`,
          "content-type": "application/json",
          ...headers,
        },
        body,
      };
      const status = await ask(what, NATIVE, init);
      expect({ what, isExpected: [202, 400, 413, 415].includes(status) }).toEqual({
        what,
        isExpected: true,
      });
    }
    const post = (what: string, path: string, body: unknown) =>
      ask(what, path, {
        method: "POST",
        headers: { authorization: `Bearer ${lineageKey}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    for (const event of lineageEvents()) expect(await post("lineage", LINEAGE, event)).toBe(201);
    for (const event of badLineageEvents()) expect(await post("lineage", LINEAGE, event)).toBe(400);
    expect(await post("batch", `${LINEAGE}/batch`, lineageEvents())).toBe(204);
    expect(await post("batch", `${LINEAGE}/batch`, badLineageEvents())).toBe(200);
    expect(await post("batch", `${LINEAGE}/batch`, TEXT)).toBe(400);
  });

  test("and by headers, addresses, keys and sign-in", async () => {
    const query = `?card=${CANARY.cardDigits}&mail=${encodeURIComponent(CANARY.email)}&password=${CANARY.secret}`;
    const headers = {
      "user-agent": CANARY.cardDigits,
      referer: `https://x.example/${query}`,
      "x-request-id": CANARY.ssn,
      "idempotency-key": CANARY.account,
      cookie: `batchwatch=${CANARY.cardDigits}; pan=${CANARY.cardDigits}`,
      ...auth,
    };
    const paths = [
      NATIVE,
      LINEAGE,
      "/trpc/me.get",
      "/health",
      "/metrics",
      "/auth/sign-in",
      "/auth/refresh",
      `/${CANARY.cardDigits}`,
      `/ack/${CANARY.cardDigits}`,
      `/trpc/${CANARY.cardDigits}`,
      `/%E0%A4%A/${CANARY.cardDigits}`,
    ];
    for (const path of paths) {
      await ask(`GET ${path}`, `${path}${query}`, { headers });
      await ask(`POST ${path}`, `${path}${query}`, { method: "POST", headers, body: TEXT });
    }
    const signIns = [
      { code: CANARY.cardDigits },
      { name: TEXT, password: CANARY.secret },
      { name: CANARY.email, password: TEXT },
      TEXT,
    ];
    for (const body of signIns) {
      await ask("sign-in", "/auth/sign-in", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    }
    await ask("broken sign-in", "/auth/sign-in", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: `{"name":"${TEXT}`,
    });
  });

  test("and by calls that make no sense, over both transports", async () => {
    const input = encodeURIComponent(
      JSON.stringify({ [CANARY.cardDigits]: TEXT, executionId: TEXT }),
    );
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ["runs.get", "jobs.list", `runs.${CANARY.cardDigits}`]) {
      await ask(path, `/trpc/${path}?input=${input}`, { headers });
    }
    await ask("broken input", `/trpc/runs.get?input=${encodeURIComponent(`{"a":"${TEXT}`)}`, {
      headers,
    });
    const before = frames.length;
    const send = (message: unknown) => socket.send(JSON.stringify(message));
    send({
      id: 2,
      jsonrpc: "2.0",
      method: "query",
      params: { path: `x.${CANARY.cardDigits}`, input: {} },
    });
    send({
      id: 3,
      jsonrpc: "2.0",
      method: "query",
      params: { path: "runs.get", input: { [TEXT]: TEXT, executionId: TEXT } },
    });
    send({ id: 4, jsonrpc: "2.0", method: TEXT, params: { path: "runs.get" } });
    await eventually(
      () => frames.slice(before).filter((frame) => frame.includes('"error"')).length,
      (errors) => errors >= 2,
    );
  });

  test("and by what people write", async () => {
    const { trpc } = client;
    const [incident] = await eventually(
      async () => (await trpc.incidents.list.query({})).items,
      (items) => items.length > 0,
      20_000,
    );
    const incidentId = incident?.incidentId ?? "";
    const commandId = () => randomUUID();
    await call(
      "comment",
      trpc.incidents.comment.mutate({ commandId: commandId(), incidentId, text: TEXT }),
    );
    await call(
      "comment",
      trpc.incidents.comment.mutate({
        commandId: commandId(),
        incidentId,
        text: `${CONTROL} ${CANARY.pem}`,
      }),
    );
    const [job] = (await trpc.jobs.list.query({})).items;
    const jobId = job?.jobId ?? "";
    // A phone and a mail address stay in a first step: whom to ring is what it is for.
    const setting = `${CONTROL} ${CANARY.card} ${CANARY.ssn} password=${CANARY.secret}`;
    const asked = { reason: TEXT.slice(0, 500), breakGlass: false };
    await call(
      "configure",
      trpc.jobs.configure.mutate({
        jobId,
        commandId: commandId(),
        ...asked,
        change: {
          businessName: setting,
          firstStep: setting,
          runbookUrl: `https://ops:${CANARY.secret}@wiki.example/${CONTROL}?pan=${CANARY.cardDigits}`,
        },
      }),
    );
    await call(
      "configure",
      trpc.jobs.configure.mutate({
        jobId,
        commandId: commandId(),
        change: { firstStep: TEXT.repeat(2), cadence: TEXT as never },
      }),
    );
    await call(
      "rename",
      trpc.jobs.rename.mutate({ jobId, commandId: commandId(), ...asked, name: `renamed ${TEXT}` }),
    );
    const calendar = {
      calendarId: "canary",
      name: setting,
      zone: "UTC",
      workdays: [1],
      coversUntil: null,
      days: [{ day: "2026-12-24", kind: "FREE" as const, label: setting }],
    };
    await call(
      "calendar",
      trpc.calendars.propose.mutate({ commandId: commandId(), ...asked, calendar }),
    );
    await call("search", trpc.jobs.list.query({ filter: { text: CANARY.cardDigits } }));
    await call(
      "resolve",
      trpc.incidents.resolve.mutate({ commandId: commandId(), incidentId, reason: TEXT }),
    );
    const view = await call("incident", trpc.incidents.get.query({ incidentId }));
    expect(JSON.stringify(view)).toContain(CONTROL);
    expect(JSON.stringify(view)).toContain("[card …6467]");
  });

  test("are in nothing that was sent to a receiver or a phone", async () => {
    const at = (path: string) => receiver.taken.filter((taken) => taken.path.startsWith(path));
    await eventually(
      () => [at("/hook").length, at("/push").length],
      ([hooks = 0, pushes = 0]) => hooks > 0 && pushes > 0,
      20_000,
    );
    const hooks = at("/hook").map(
      ({ body, headers }) => `${JSON.stringify(headers)} ${body.toString("utf8")}`,
    );
    const pushes = at("/push").map(({ body }) => browser.read(body));
    expect(hooks.some(has)).toBe(true);
    expect(pushes.some(has)).toBe(true);
    expect(leaks([...hooks, ...pushes].map((content) => ["notification", content]))).toEqual([]);
  });

  test("nor in any answer, frame, metric, health report or line of the log", async () => {
    const { trpc } = client;
    const jobs = await trpc.jobs.list.query({});
    const runs = await trpc.runs.list.query({});
    expect(runs.items.length).toBeGreaterThanOrEqual(2);
    for (const { executionId } of runs.items)
      await call("run", trpc.runs.get.query({ executionId }));
    for (const { jobId } of jobs.items) await call("job", trpc.jobs.get.query({ jobId }));
    for (const read of [
      trpc.dashboard.get.query(),
      trpc.incidents.list.query({}),
      trpc.deliveries.list.query({}),
      trpc.push.devices.query(),
      trpc.sources.list.query(),
      trpc.calendars.list.query(),
      trpc.health.get.query(),
      trpc.me.get.query(),
      trpc.oncall.now.query(),
      trpc.audit.list.query({}),
      trpc.approvals.list.query({}),
      trpc.me.sessions.query(),
      trpc.me.export.mutate(),
      trpc.users.list.query({}),
    ]) {
      await call("read", read);
    }
    await ask("metrics", "/metrics");
    await ask("health", "/health");
    await ask("board", "/");
    expect(frames.some(has)).toBe(true);
    expect(answers.filter(([place]) => place === "run").some(([, content]) => has(content))).toBe(
      true,
    );
    expect(leaks(answers)).toEqual([]);
    expect(leaks(frames.map((frame) => ["frame", frame]))).toEqual([]);
    expect(
      leaks([
        ["log", server.errors],
        ["output", server.output],
      ]),
    ).toEqual([]);
    const metrics = answers.find(([place]) => place === "metrics")?.[1].toString() ?? "";
    for (const kind of ["card", "ssn", "iban", "email", "phone", "account", "secret"]) {
      expect(
        Number(new RegExp(`batchwatch_masked_total\\{kind="${kind}"\\} (\\d+)`).exec(metrics)?.[1]),
      ).toBeGreaterThan(0);
    }
  });

  test("nor in any file: before the logs are folded back, after, and after a start on them", async () => {
    const served = await eventually(filesOf, (files) =>
      files.some(([file, content]) => /batchwatch\.db/.test(file) && has(content)),
    );
    expect(served.some(([file]) => file.endsWith("-wal"))).toBe(true);
    expect(served.some(([file, content]) => file.includes("journal") && has(content))).toBe(true);
    expect(leaks(served)).toEqual([]);
    await server.kill("SIGTERM");
    const stopped = await filesOf();
    expect(stopped.some(([, content]) => has(content))).toBe(true);
    expect(leaks(stopped)).toEqual([]);
    await server.boot();
    await server.ready();
    expect(leaks(await filesOf())).toEqual([]);
    expect(
      leaks([
        ["log", server.errors],
        ["output", server.output],
      ]),
    ).toEqual([]);
  });

  test("would have been found", async () => {
    expect(foundIn("x", TEXT).length).toBeGreaterThan(8);
    const number = Buffer.alloc(8);
    number.writeDoubleLE(Number(CANARY.cardDigits));
    expect(foundIn("x", number)).toEqual(["x: the card as a number"]);
    await writeFile(join(server.dataDir, "planted.txt"), TEXT);
    expect(leaks(await filesOf()).some((leak) => leak.includes("planted.txt"))).toBe(true);
  });
});
