import { Writable } from "node:stream";
import type { HealthComponent, SystemHealth, User } from "@batchwatch/engine";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeLogger } from "../logger.ts";
import { API_LIMITS } from "../options.ts";
import type { Services } from "../trpc/services.ts";
import { AccessLog } from "./access-log.ts";
import { makeApp } from "./app.ts";
import { CallBudget } from "./call-budget.ts";
import { Metrics } from "./metrics.ts";
import { RequestWatch } from "./request-watch.ts";
import { METRIC_FACTS } from "./test-metric-facts.ts";

const TOKEN = "bw_a-token";
const CANARY = "CANARY-5d21";
const USER: User = { userId: "u", name: "Duty Operator", role: "display", teamIds: [] };

const component = (
  name: HealthComponent["name"],
  status: HealthComponent["status"] = "UP",
): HealthComponent => ({ name, status, summary: `${name} words`, details: { figure: 1 } });

let health: SystemHealth;
let printed: string;
let metrics: Metrics;
let app: FastifyInstance;
let budget: CallBudget;
beforeEach(async () => {
  health = { status: "UP", components: [component("database"), component("websocket")] };
  printed = "";
  metrics = new Metrics(() => METRIC_FACTS);
  const logger = makeLogger(
    "info",
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        printed += chunk.toString();
        done();
      },
    }),
  );
  const services = {
    dashboard: () => ({}),
    jobs: {
      list: async () => {
        throw Object.assign(new Error("cursor: not one this list gave out."), {
          code: "invalid_cursor",
        });
      },
    },
    health: () => {
      throw Object.assign(new Error(`the job said ${CANARY}`), { code: "SQLITE_IOERR" });
    },
  } as unknown as Services;
  budget = new CallBudget();
  app = await makeApp({
    budget,
    gate: {} as never,
    sourceByKey: () => {
      throw new Error(`no source ${CANARY}`);
    },
    services,
    auth: { originRefused: () => false } as never,
    callerOf: async ({ authorization }) =>
      authorization === `Bearer ${TOKEN}`
        ? { user: USER, by: "program", id: "t", expiresAt: Infinity }
        : null,
    isGood: () => true,
    secure: false,
    metrics,
    watch: new RequestWatch({
      metrics,
      access: new AccessLog({ logger, networks: true, now: Date.now }),
      logger,
      now: Date.now,
    }),
    health: () => health,
    live: () => true,
    ready: () => false,
    pagesRoot: "/nowhere",
    behindProxy: true,
    https: null,
  });
});
afterEach(() => app.close());

const lines = () =>
  printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("/health [S66]", () => {
  const ask = (remoteAddress: string, headers: Record<string, string> = {}) =>
    app.inject({ url: "/health", remoteAddress, headers });
  const detailed = async (...asked: Parameters<typeof ask>) =>
    JSON.stringify((await ask(...asked)).json()).includes("figure");

  it("shows details on loopback, and elsewhere with a token", async () => {
    expect(await detailed("127.0.0.1")).toBe(true);
    expect(await detailed("::1")).toBe(true);
    expect(await detailed("192.0.2.7")).toBe(false);
    expect(await detailed("192.0.2.7", { authorization: `Bearer ${TOKEN}` })).toBe(true);
    expect(await detailed("192.0.2.7", { authorization: "Bearer bw_another" })).toBe(false);
  });

  it.each(["x-forwarded-for", "forwarded", "x-real-ip", "via"])(
    "shows none to whoever came through a proxy, whatever it says in %s",
    async (header) => {
      expect(await detailed("127.0.0.1", { [header]: "127.0.0.1" })).toBe(false);
      const asked = { url: "/metrics", remoteAddress: "127.0.0.1" };
      const answer = await app.inject({ ...asked, headers: { [header]: "127.0.0.1" } });
      expect(answer.statusCode).toBe(401);
    },
  );

  it.each([
    ["database", 503],
    ["engine", 503],
    ["journal", 503],
    ["websocket", 200],
    ["dataFreshness", 200],
    ["alerting", 200],
  ] as const)("with %s down is %i", async (name, status) => {
    health = { status: "DOWN", components: [component(name, "DOWN")] };
    const answer = await ask("127.0.0.1");
    expect([answer.statusCode, answer.json().status]).toEqual([status, "DOWN"]);
  });
});

describe("a refused or failed request", () => {
  it("is logged by its route, and counted", async () => {
    const remoteAddress = "203.0.113.9";
    await app.inject({ url: `/metrics?token=${CANARY}`, remoteAddress });
    await app.inject({ url: `/${CANARY}/x`, remoteAddress });
    await app.inject({ url: "/trpc/me.get", remoteAddress });
    await app.inject({ url: `/trpc/${CANARY}`, remoteAddress });
    await app.inject({ url: "/health", remoteAddress });
    expect((await app.inject({ url: "/health/ready", remoteAddress })).statusCode).toBe(503);
    const seen = lines().map(({ route, status, procedure, code }) => [
      route,
      status,
      procedure,
      code,
    ]);
    expect(seen).toEqual([
      ["/metrics", 401, undefined, undefined],
      ["none", 404, undefined, undefined],
      ["/trpc/:path", 401, "me.get", "UNAUTHORIZED"],
      ["/trpc/:path", 404, "unknown", "NOT_FOUND"],
    ]);
    expect(lines().map(({ network }) => network)).toEqual(Array(4).fill("203.0.113.0/24"));
    const text = await metrics.text();
    expect(text).toContain(
      'batchwatch_calls_refused_total{procedure="unknown",code="NOT_FOUND"} 1',
    );
    expect(text).toContain('batchwatch_requests_refused_total{route="none",status="404"} 1');
    expect(printed + text).not.toContain(CANARY);
    expect(printed).not.toContain("203.0.113.9");
  });

  it("says where our code failed, and nothing of what it failed on", async () => {
    const authorization = `Bearer ${TOKEN}`;
    const call = await app.inject({ url: "/trpc/health.get", headers: { authorization } });
    const intake = await app.inject({
      method: "POST",
      url: "/api/v1/observations",
      headers: { authorization: `Bearer bws_${CANARY}`, "content-type": "application/json" },
      body: `[{"job":{"name":"${CANARY}"}}]`,
    });
    expect([call.statusCode, intake.statusCode]).toEqual([500, 500]);
    expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
      [50, "a call failed"],
      [50, "a request failed"],
      [50, "a request failed in our code"],
      [50, "a request failed"],
    ]);
    expect(lines()[0]).toMatchObject({
      procedure: "health.get",
      err: { name: "Error", code: "SQLITE_IOERR" },
    });
    expect(printed).not.toContain(CANARY);
    expect(intake.body).not.toContain(CANARY);
  });
});

describe("a call's mistakes and ours", () => {
  const ask = (path: string) =>
    app.inject({ url: `/trpc/${path}`, headers: { authorization: `Bearer ${TOKEN}` } });

  it("a cursor that no list gave out is the caller's, and no line with a stack", async () => {
    const answer = await ask("jobs.list?input=%7B%22cursor%22%3A%22x%22%7D");
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.data).toMatchObject({
      code: "BAD_REQUEST",
      reason: "invalid_cursor",
      field: "cursor",
    });
    expect(printed).not.toContain("a call failed");
  });

  it("a defect that somebody makes happen again and again writes a bounded number of lines", async () => {
    const calls = 5 * API_LIMITS.accessLinesPerSecond;
    for (let n = 0; n < calls; n += 1) await ask("health.get");
    const stacks = lines().filter(({ msg }) => msg === "a call failed");
    expect(stacks.length).toBeGreaterThan(0);
    // They may fall into two or three seconds.
    expect(stacks.length).toBeLessThan(calls);
  });
});

describe("what one caller may ask for at once", () => {
  const ask = (path: string) =>
    app.inject({ url: `/trpc/${path}`, headers: { authorization: `Bearer ${TOKEN}` } });

  it("is the whole board twice in one batch", async () => {
    const answer = await ask(`${Array(5).fill("dashboard.get").join(",")}?batch=1&input={}`);
    const codes = answer
      .json<{ error?: { data: { code: string } } }[]>()
      .map(({ error }) => error?.data.code);
    const refused = "TOO_MANY_REQUESTS";
    expect(codes).toEqual([undefined, undefined, refused, refused, refused]);
  });

  it("is answered no further while its answers are not read", async () => {
    for (let n = 0; n < API_LIMITS.largePerUser; n += 1) {
      expect((await ask("dashboard.get")).statusCode).toBe(200);
    }
    const unread = Array.from({ length: API_LIMITS.largePerUser / 2 }, () =>
      budget.begin(USER.userId, ["dashboard.get", "dashboard.get"], () => false),
    );
    const answer = await ask("dashboard.get");
    expect([answer.statusCode, answer.json().code]).toEqual([429, "too_many_calls"]);
    for (const over of unread) over?.();
    expect((await ask("dashboard.get")).statusCode).toBe(200);
  });

  it("is so many calls in a minute, whether they come in batches or not", async () => {
    budget.waitSeconds(USER.userId, API_LIMITS.callsPerMinutePerUser - 3, Date.now());
    const batch = "dashboard.get,dashboard.get?batch=1&input={}";
    expect((await ask(batch)).statusCode).toBe(200);
    expect((await ask(batch)).statusCode).toBe(429);
  });
});
