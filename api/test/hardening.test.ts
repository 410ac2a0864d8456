import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { ROUTE_RULES, type RouteRule } from "../src/auth/route-policy.ts";
import { API_LIMITS } from "../src/options.ts";
import { RawHttp } from "./raw-http.ts";
import { eventually, PATIENCE, ServerProcess } from "./server-process.ts";

const run = promisify(execFile);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const PROTOTYPE_KEYS = [
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"filter":{"__proto__":{"team":"x"}}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
];
const HOSTILE_LINES = [
  "a\r\nHTTP/1.1 200 OK\r\n\r\n",
  'a\n{"level":30,"msg":"forged"}',
  "\u001b[2J\u001b]0;title\u0007",
  "a\u202Eb\u2066c\u0000\u0085\u009bd",
];
/** What a route of each rule answers to somebody who may not. */
const TO_STRANGERS: Readonly<Record<RouteRule, number>> = {
  open: 200,
  "own-page": 403,
  "oidc-state": 404,
  "source-key": 401,
  "signed-link": 404,
  "loopback-or-token": 401,
  procedure: 401,
};

describe("what a caller sends", () => {
  let server: ServerProcess;
  let token: string;
  let key: string;
  let lead: string;
  const port = () => Number(new URL(server.url).port);
  beforeAll(async () => {
    server = await ServerProcess.start();
    token = await server.token("manager");
    lead = await server.token("lead", "team-lead", "Lending");
    key = await server.source("jobs");
  });
  afterAll(() => server.remove());

  const trpc = (
    path: string,
    { headers, ...init }: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
  ) =>
    fetch(`${server.url}/trpc/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
  const postJson = (path: string, body: string) =>
    trpc(path, { method: "POST", body, headers: { "content-type": "application/json" } });

  async function alive(): Promise<void> {
    expect((await trpc("me.get")).status).toBe(200);
  }

  it.each([
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "text/plain",
    "application/x-www-form-urlencoded",
  ])("a body of %s is no call", async (type) => {
    const body = '--x\r\nContent-Disposition: form-data; name="__proto__[a]"\r\n\r\n1\r\n--x--';
    const answer = await trpc("me.erase", {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
    expect(answer.status).toBe(415);
    await alive();
  });

  it.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
    "%s is no method of ours",
    async (method) => {
      for (const path of ["/trpc/me.get", "/auth/sign-in", "/api/v1/observations", "/health"]) {
        const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
        expect([404, 400]).toContain(await RawHttp.ask(port(), head));
      }
    },
  );

  it("a packed body is refused where nobody unpacks, and unfolds within the limit where somebody does", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    expect(bomb.byteLength).toBeLessThan(1024 * 1024);
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    for (const path of ["/trpc/me.erase", "/auth/sign-in"]) {
      const answer = await fetch(server.url + path, {
        method: "POST",
        body: gzipSync("{}"),
        headers,
      });
      expect([path, answer.status]).toEqual([path, 415]);
    }
    for (const body of [bomb, gzipSync(bomb)]) {
      const answer = await server.post("/api/v1/observations", key, new Uint8Array(body), headers);
      expect([400, 413]).toContain(answer.status);
    }
    const stranger = await fetch(`${server.url}/api/v1/observations`, {
      method: "POST",
      body: new Uint8Array(bomb),
      headers,
    });
    expect(stranger.status).toBe(401);
    await alive();
  });

  it("JSON is at most 32 deep, wherever it comes in", async () => {
    const deep = nested(33);
    const statuses = await Promise.all([
      postJson("me.erase", deep),
      trpc(`jobs.list?input=${encodeURIComponent(deep)}`),
      fetch(`${server.url}/auth/sign-in`, {
        method: "POST",
        body: deep,
        headers: { "content-type": "application/json" },
      }),
      server.post("/api/v1/observations", key, deep),
      server.post("/api/v1/lineage", await server.source("ol", "openlineage"), deep),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(await frameAnswer(deep)).toMatch(/PARSE_ERROR|closed/);
    expect(await frameAnswer(deep, true)).toMatch(/PARSE_ERROR|UNAUTHORIZED|closed/);
    await alive();
  });

  it.each(PROTOTYPE_KEYS)("a key that reaches a prototype is refused: %s", async (body) => {
    const answers = await Promise.all([
      postJson("me.erase", body),
      trpc(`jobs.list?input=${encodeURIComponent(body)}`),
      fetch(`${server.url}/auth/sign-in`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    const intake = await server.post("/api/v1/observations", key, `[${body}]`);
    expect(JSON.stringify(await intake.json())).toContain("forbidden_key");
    expect(
      await frameAnswer(`{"id":1,"method":"query","params":{"path":"jobs.list","input":${body}}}`),
    ).toMatch(/PARSE_ERROR|closed/);
    await alive();
  });

  it("more calls in one frame or batch than may be are refused together", async () => {
    const call = (id: number) => ({ id, method: "query", params: { path: "me.get" } });
    const frame = JSON.stringify(Array.from({ length: 21 }, (_, id) => call(id)));
    expect(await frameAnswer(frame)).toMatch(/PARSE_ERROR|closed/);
    const paths = Array.from({ length: 21 }, () => "me.get").join(",");
    expect((await trpc(`${paths}?batch=1&input=%7B%7D`)).status).toBe(400);
    await alive();
  });

  it("heads are bounded: lines, bytes, and the address", async () => {
    const head = (line: string, more: string) =>
      `GET ${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`;
    const lines = Array.from({ length: 3_000 }, (_, at) => `x-${at}: 1\r\n`).join("");
    expect(await RawHttp.ask(port(), head("/health/live", `x: ${"a".repeat(20_000)}\r\n`))).toBe(
      431,
    );
    expect(await RawHttp.ask(port(), head("/health/live", lines))).toBe(431);
    expect(await RawHttp.ask(port(), head(`/${"a".repeat(9_000)}`, ""))).toBe(414);
    expect(await RawHttp.ask(port(), head(`/trpc/me.get?input=${"9".repeat(9_000)}`, ""))).toBe(
      414,
    );
    await alive();
  });

  it("heads and bodies that come slowly, or come to a stand, are ended in time", async () => {
    const head = (path: string, who: string) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${who}\r\n` +
      "Content-Type: application/json\r\nContent-Length: 4000\r\n";
    const { headersTimeoutMs, requestTimeoutMs } = API_LIMITS;
    const half = "POST /auth/sign-in HTTP/1.1\r\nHost: x\r\n";
    // What is sent at once, what comes again and again, and the time for all of it.
    const slow = [
      ["no head", "", "", headersTimeoutMs],
      ["half a head", half, "", headersTimeoutMs],
      ["a head without end", half, "x-slow: 1\r\n", headersTimeoutMs],
      ["half a call", `${head("/trpc/me.erase", token)}\r\n{`, "", requestTimeoutMs],
      ["a call without end", `${head("/trpc/me.erase", token)}\r\n{`, " ", requestTimeoutMs],
      ["half a fact", `${head("/api/v1/observations", key)}\r\n[`, "", requestTimeoutMs],
      ["facts without end", `${head("/api/v1/observations", key)}\r\n[`, " ", requestTimeoutMs],
      ["half a sign-in", `${head("/auth/sign-in", token)}\r\n{`, " ", requestTimeoutMs],
    ] as const;
    const ends = await Promise.all(
      slow.map(async ([what, begin, piece, limit]) => {
        const raw = await RawHttp.open(port());
        const opened = performance.now();
        if (begin !== "") raw.send(begin);
        const dripping = setInterval(() => raw.send(piece), 250);
        await raw.closed;
        clearInterval(dripping);
        const took = performance.now() - opened;
        const margin = API_LIMITS.connectionsCheckMs + 1_500 * PATIENCE;
        const inTime = took > limit - 500 && took < limit + margin;
        return [what, await raw.status(), inTime ? "in time" : `after ${Math.round(took)} ms`];
      }),
    );
    expect(ends).toEqual(slow.map(([what]) => [what, 408, "in time"]));
    await alive();
  }, 90_000);

  it("is answered with headers that keep a browser to our own pages", async () => {
    for (const path of ["/", "/health", "/trpc/me.get", "/nothing", "/auth/sign-in"]) {
      const { headers } = await fetch(server.url + path);
      const csp = headers.get("content-security-policy") ?? "";
      expect(csp).toContain("default-src 'none'");
      expect(csp).toContain("require-trusted-types-for 'script'");
      // No scheme stands alone: it would stand for every host.
      expect(csp).toContain("connect-src 'self';");
      expect(csp).not.toMatch(/unsafe|\*|(?:wss?|https?):/);
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers.get("server") ?? headers.get("x-powered-by")).toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("cannot forge a line of the log, and no token is in one", async () => {
    for (const text of HOSTILE_LINES) {
      const fact = {
        job: { name: `job ${text}` },
        run: { id: text },
        kind: "failed",
        message: text,
      };
      await server.post("/api/v1/observations", key, JSON.stringify([fact]), { "x-note": "a" });
      await server.post("/api/v1/observations", key, text);
      await trpc(`jobs.list?input=${encodeURIComponent(JSON.stringify({ filter: { text } }))}`);
      await RawHttp.ask(
        port(),
        `GET /${encodeURIComponent(text)} HTTP/1.1\r\nHost: x\r\nUser-Agent: \x1b[2J\r\n\r\n`,
      );
    }
    await fetch(`${server.url}/trpc/me.get?token=${token}`);
    const logged = server.errors.split("\n").filter((line) => line !== "");
    for (const line of logged) {
      expect(() => JSON.parse(line)).not.toThrow();
      // oxlint-disable-next-line no-control-regex -- they are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(line).not.toContain("forged");
    }
    for (const secret of [token, lead, key]) expect(server.errors).not.toContain(secret);
  });

  it.each([
    ["nothing", {}],
    ["a bad token", { authorization: `Bearer bw_${"x".repeat(43)}` }],
    ["a bad key", { authorization: `Bearer bws_${"x".repeat(43)}` }],
    ["a bad cookie", { cookie: `batchwatch-refresh=${"x".repeat(43)}` }],
  ])("no route lets somebody in from a foreign page with %s", async (_what, credentials) => {
    const origin = "https://elsewhere.example";
    // No request of this host: what a proxy hands on is not.
    const headers = { ...credentials, origin, "x-forwarded-for": "203.0.113.7" };
    for (const [route, rule] of Object.entries(ROUTE_RULES)) {
      const [method = "", path = ""] = route.split(" ");
      if (method === "UPGRADE") {
        expect([route, await upgrade(headers)]).toEqual([route, 403]);
        continue;
      }
      const body = method === "POST" ? "{}" : null;
      const call = body === null ? "me.get" : "me.erase";
      const address = path.replace(":path", call).replace(/:token|\*/, "nothing");
      const type = body === null ? {} : { "content-type": "application/json" };
      const answer = await fetch(server.url + address, {
        method,
        headers: { ...headers, ...type },
        body,
      });
      const text = await answer.text();
      // Nobody has set a provider here.
      const wanted = path.startsWith("/auth/oidc/") ? 404 : TO_STRANGERS[rule];
      expect([route, answer.status]).toEqual([route, path === "/*" ? 404 : wanted]);
      expect(text).not.toMatch(/Lending|"details"|"accessToken"/);
      expect(answer.headers.getSetCookie().join()).not.toMatch(/=x/);
    }
  });

  it("a token in the address is nobody's", async () => {
    for (const name of ["token", "access_token", "authorization", "key", "bearer"]) {
      const answer = await fetch(`${server.url}/trpc/me.get?${name}=${token}`);
      expect(answer.status).toBe(401);
      const intake = await fetch(`${server.url}/api/v1/observations?${name}=${key}`, {
        method: "POST",
        body: "[]",
      });
      expect(intake.status).toBe(401);
    }
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?token=${token}`);
    const code = await new Promise<number>((resolve) => {
      socket.once("close", resolve);
    });
    expect(code).toBe(4401);
  });

  it("streams over HTTP are bounded, and make room when they end", async () => {
    const stop = new AbortController();
    const open = () =>
      trpc("live.changes?input=%7B%7D", {
        headers: { accept: "text/event-stream" },
        signal: stop.signal,
      });
    const begun = async () => {
      const { body } = await open();
      const { value } = (await body?.getReader().read()) ?? {};
      return new TextDecoder().decode(value);
    };
    const texts = await Promise.all(Array.from({ length: 10 }, begun));
    expect(texts.filter((text) => text.includes("connected"))).toHaveLength(10);
    expect(await (await open()).text()).toContain("as many subscriptions");
    stop.abort();
    const again = new AbortController();
    await eventually(
      async () => {
        const { body } = await trpc("live.changes?input=%7B%7D", {
          headers: { accept: "text/event-stream" },
          signal: again.signal,
        });
        const { value } = (await body?.getReader().read()) ?? {};
        return new TextDecoder().decode(value);
      },
      (text) => !text.includes("as many subscriptions"),
    );
    again.abort();
  });

  it("reaches no prototype in any of it", async () => {
    const script = `
      const { sealPrototypes } = await import(${JSON.stringify(new URL("../dist/sealed-prototypes.js", import.meta.url).href)});
      sealPrototypes(); sealPrototypes();
      const attempt = (work) => { try { return String(work()); } catch (error) { return error.constructor.name; } };
      process.stdout.write(JSON.stringify([
        attempt(() => { ({}).__proto__.polluted = 1; }),
        attempt(() => { ({})["__proto__"] = { polluted: 1 }; }),
        attempt(() => { ({}).constructor.prototype.polluted = 1; }),
        attempt(() => { [].constructor.prototype.polluted = 1; }),
        attempt(() => Object.assign({}, JSON.parse('{"__proto__":{"polluted":1}}'))),
        attempt(() => ({}).polluted),
        attempt(() => Object.keys({ ...JSON.parse('{"__proto__":{}}') }).length),
        attempt(() => { const own = { toString: 1 }; own.toString = 2; return own.toString; }),
      ]));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
    const refused = Array.from({ length: 5 }, () => "TypeError");
    expect(JSON.parse(stdout)).toEqual([...refused, "undefined", "1", "2"]);
  });

  /** Status of a socket's upgrade. */
  function upgrade(headers: Readonly<Record<string, string>>): Promise<number> {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`, {
      headers,
    });
    socket.on("error", () => {});
    return new Promise((resolve) => {
      socket.once("open", () => resolve(101));
      socket.once("unexpected-response", (_request, { statusCode = 0 }) => resolve(statusCode));
    }).finally(() => socket.terminate()) as Promise<number>;
  }

  /** What a socket answers to one frame; as the first message of a connection where `first`. */
  async function frameAnswer(frame: string, first = false): Promise<string> {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`);
    socket.on("error", () => {});
    await new Promise((resolve) => {
      socket.once("open", resolve);
    });
    const answer = new Promise<string>((resolve) => {
      socket.once("message", (data: Buffer) => resolve(data.toString()));
      socket.once("close", () => resolve("closed"));
    });
    if (!first) socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    socket.send(frame);
    const text = await answer;
    socket.terminate();
    return text;
  }
});
