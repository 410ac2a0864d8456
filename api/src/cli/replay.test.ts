import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "./main.ts";

interface Received {
  readonly path: string;
  readonly key: string;
  readonly body: string;
}
type Answer = { status: number; json?: unknown; retryAfter?: string };

let folder: string;
let server: Server;
let url: string;
let received: Received[];
let answer: (request: Received) => Answer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchwatch-replay-"));
  received = [];
  answer = () => ({ status: 202, json: { accepted: 1, rejected: [] } });
  server = createServer((request, response) => {
    const respond = async () => {
      const body = await text(request);
      const one = { path: request.url ?? "", key: request.headers.authorization ?? "", body };
      received.push(one);
      const { status, json, retryAfter } = answer(one);
      if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
      response.writeHead(status).end(json === undefined ? "" : JSON.stringify(json));
    };
    void respond();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true, force: true });
});

async function replay(content: string, ...argv: string[]) {
  const file = join(folder, "events.ndjson");
  await writeFile(file, content);
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(["replay", file, "--url", url, ...argv], {
    env: { BATCHWATCH_DATA_DIR: folder },
    stdout: { write: (line) => out.push(line) },
    stderr: { write: (line) => err.push(line) },
  });
  return { code, out: out.join(""), err: err.join("") };
}

const NATIVE = ["--contract", "native", "--key", "k"];
const lines = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n}}`).join("\n");

test("sends in order, in requests of 500 lines", async () => {
  const { code, out } = await replay(lines(1_201), ...NATIVE);
  expect(received.map((one) => one.body.trim().split("\n").length)).toEqual([500, 500, 201]);
  expect(received.map((one) => one.body).join("")).toBe(`${lines(1_201)}\n`);
  expect(received[0]).toMatchObject({ path: "/api/v1/observations", key: "Bearer k" });
  expect({ code, out }).toEqual({ code: 0, out: "1201 accepted, 0 rejected\n" });
});

test("no request grows beyond its bytes", async () => {
  const line = JSON.stringify({ text: "x".repeat(300_000) });
  await replay([line, line, line].join("\n"), ...NATIVE);
  expect(received.map((one) => one.body.length > 786_432)).toEqual([false, false]);
});

test("names rejected lines by their place in the file", async () => {
  answer = () => ({
    status: 202,
    json: { rejected: [{ index: 1, code: "c", message: "run.id is missing" }] },
  });
  const { code, out, err } = await replay('{"a":1}\n\nnot json\n{"b":1}\n', ...NATIVE);
  expect(received[0]?.body).toBe('{"a":1}\n{"b":1}\n');
  expect(err).toContain("line 3: not JSON\n");
  expect(err).toContain("line 4: run.id is missing\n");
  expect({ code, out }).toEqual({ code: 0, out: "1 accepted, 2 rejected\n" });
});

test("fails when nothing was accepted", async () => {
  answer = () => ({ status: 400, json: { rejected: [{ index: 0, message: "no" }] } });
  expect((await replay('{"a":1}', ...NATIVE)).code).toBe(1);
});

test("speaks OpenLineage batches", async () => {
  answer = ({ body }) =>
    body.includes('"bad"')
      ? {
          status: 200,
          json: { status: "partial_success", failed_events: [{ index: 0, reason: "bad run" }] },
        }
      : { status: 204 };
  const { out, err } = await replay(
    '{"bad":1}\n{"n":2}',
    "--contract",
    "openlineage",
    "--key",
    "k",
    "--json",
  );
  expect(received.map((one) => one.path)).toEqual(["/api/v1/lineage/batch"]);
  expect(JSON.parse(received[0]?.body ?? "")).toEqual([{ bad: 1 }, { n: 2 }]);
  expect(JSON.parse(out)).toEqual({
    accepted: 1,
    rejected: 1,
    rejections: [{ line: 1, message: "bad run" }],
  });
  expect(err).toContain("line 1: bad run");
});

test("waits as told on 503 and sends the same request again", async () => {
  answer = () =>
    received.length < 3
      ? { status: 503, retryAfter: "0" }
      : { status: 202, json: { rejected: [] } };
  const { code } = await replay(lines(2), ...NATIVE);
  expect(code).toBe(0);
  expect(new Set(received.map((one) => one.body)).size).toBe(1);
  expect(received).toHaveLength(3);
});

test("stops on a wrong key and says so", async () => {
  answer = () => ({ status: 401 });
  const { code, err } = await replay(lines(2), ...NATIVE);
  expect(code).toBe(1);
  expect(err).toContain("--key must be the key of a source");
  expect(received).toHaveLength(1);
});

test("without a key it makes a source, and again one of another name", async () => {
  const first = await replay(lines(1), "--contract", "native");
  expect(first.err).toMatch(/source "replay" .* bws_/);
  const second = await replay(lines(1), "--contract", "native");
  expect(second.err).toMatch(/source "replay-\d/);
  // Before each, it was asked whether there is a server.
  const keys = received.filter(({ path }) => path !== "/health/live").map(({ key }) => key);
  expect(keys[0]).toMatch(/^Bearer bws_/);
  expect(keys[1]).not.toBe(keys[0]);
});

const io = (err: string[]) => ({
  env: {},
  stdout: { write: () => true },
  stderr: { write: (line: string) => err.push(line) },
});

test("a missing file and a missing server fail in one line", async () => {
  const noFile: string[] = [];
  const gone = join(folder, "gone.ndjson");
  expect(await runCli(["replay", gone, ...NATIVE], io(noFile))).toBe(1);
  expect(noFile.join("")).toContain("cannot be read");
  const file = join(folder, "one.ndjson");
  await writeFile(file, "{}");
  const noServer: string[] = [];
  // Port 1 is reserved and nothing listens on it.
  expect(
    await runCli(["replay", file, "--url", "http://127.0.0.1:1", ...NATIVE], io(noServer)),
  ).toBe(1);
  expect(noServer.join("")).toContain("No server answers");
});

test("without a server no source is made for the replay", async () => {
  const file = join(folder, "one.ndjson");
  await writeFile(file, "{}");
  const err: string[] = [];
  const nowhere = ["--url", "http://127.0.0.1:1", "--contract", "native"];
  expect(await runCli(["replay", file, ...nowhere], io(err))).toBe(1);
  expect(err.join("")).toContain("No server answers");
  const out: string[] = [];
  const list = { ...io(err), stdout: { write: (line: string) => out.push(line) } };
  expect(await runCli(["source", "list", "--json"], list)).toBe(0);
  expect(JSON.parse(out.join(""))).toEqual([]);
});
