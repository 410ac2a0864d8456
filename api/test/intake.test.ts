import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawHttp } from "./raw-http.ts";
import { eventually, ServerProcess } from "./server-process.ts";

const PATH = "/api/v1/observations";
const at = () => new Date().toISOString();
const member = (name: string, id: string, kind = "started") => ({
  job: { name },
  run: { id },
  kind,
  at: at(),
});

describe("intake on the real server", () => {
  let server: ServerProcess;
  let key: string;
  let token: string;
  beforeAll(async () => {
    server = await ServerProcess.start();
    key = await server.source("native-jobs");
    token = await server.token("tester");
    await eventually(
      () => server.post(PATH, key, "[]"),
      (response) => response.status === 202,
    );
  });
  afterAll(() => server.remove());

  const bad: [string, () => BodyInit, number, string, Record<string, string>?][] = [
    ["a body over 1 MiB", () => `["${"x".repeat(1_048_576)}"]`, 413, "body_too_large"],
    [
      "a gzip bomb",
      () => gzipSync(Buffer.alloc(30 * 1024 * 1024)),
      413,
      "body_too_large",
      { "content-encoding": "gzip" },
    ],
    [
      "bytes that are not gzip",
      () => "[]",
      400,
      "invalid_encoding",
      { "content-encoding": "gzip" },
    ],
    ["depth over 32", () => "[".repeat(40) + "]".repeat(40), 400, "too_deep"],
    ["depth of 300,000", () => "[".repeat(300_000), 400, "too_deep"],
    ["__proto__", () => '[{"__proto__":{"admin":true}}]', 400, "forbidden_key"],
    ["invalid UTF-8", () => Buffer.from([0x5b, 0xff, 0xfe, 0x5d]), 400, "invalid_utf8"],
    ["text that is not JSON", () => "{nope", 400, "invalid_json"],
    [
      "a date in year 9999",
      () => JSON.stringify([{ ...member("j", "1"), at: "9999-01-01T00:00:00Z" }]),
      400,
      "invalid_time",
    ],
    [
      "a name of 10 kB",
      () => JSON.stringify([member("j".repeat(10_240), "1")]),
      400,
      "name_too_long",
    ],
  ];
  it.each(bad)(
    "answers %s with its own code and goes on",
    async (_what, body, status, code, headers) => {
      const response = await server.post(PATH, key, body(), headers);
      const answer = await response.json();
      expect({ status: response.status, text: JSON.stringify(answer) }).toEqual({
        status,
        text: expect.stringContaining(code) as string,
      });
      const after = await server.post(PATH, key, JSON.stringify([member("alive", "1")]));
      expect(after.status).toBe(202);
    },
  );

  it("takes what a client sends that asks for HTTP/2 with everything", async () => {
    const body = JSON.stringify([member("asks-for-more", "1")]);
    const head = [
      `POST ${PATH} HTTP/1.1`,
      "Host: x",
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
      `Authorization: Bearer ${key}`,
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
    ].join("\r\n");
    const port = Number(new URL(server.url).port);
    expect(await RawHttp.ask(port, `${head}\r\n\r\n${body}`)).toBe(202);
  });

  it("keeps the good members of a batch and names the bad one", async () => {
    const body = [
      member("good-1", "1"),
      { ...member("bad", "1"), kind: "exploded" },
      member("good-2", "1"),
    ];
    const response = await server.post(PATH, key, JSON.stringify(body));
    const answer = (await response.json()) as {
      accepted: number;
      rejected: { index: number; message: string }[];
    };
    expect(response.status).toBe(202);
    expect(answer.accepted).toBe(2);
    expect(answer.rejected).toMatchObject([
      { index: 1, message: expect.stringContaining("kind") as string },
    ]);
    const { trpc, close } = server.client(token);
    const dashboard = await eventually(
      () => trpc.dashboard.get.query(),
      (board) => board.activeJobs.some((row) => row.jobName === "good-2"),
    );
    expect(dashboard.activeJobs.map((row) => row.jobName)).not.toContain("bad");
    close();
  });

  it("masks before anything is kept", async () => {
    const secret = {
      ...member("masking", "1", "failed"),
      message: "card 4111 1111 1111 1111 of eve@example.com password=hunter2",
    };
    await server.post(PATH, key, JSON.stringify([member("masking", "1"), secret]));
    const { trpc, close } = server.client(token);
    const dashboard = await eventually(
      () => trpc.dashboard.get.query(),
      (board) => board.alerts.some((row) => row.jobName === "masking"),
    );
    const text = JSON.stringify(dashboard);
    expect(text).not.toContain("4111 1111");
    expect(text).not.toContain("eve@");
    expect(text).not.toContain("hunter2");
    close();
  });

  it("refuses unknown and foreign keys, in words", async () => {
    expect((await server.post(PATH, `bws_${"a".repeat(43)}`, "[]")).status).toBe(401);
    expect((await server.post(PATH, token, "[]")).status).toBe(401);
    const lineage = await server.post("/api/v1/lineage", key, "{}");
    expect(lineage.status).toBe(403);
    expect(await lineage.text()).toContain("wrong_contract");
  });
});

describe("[SUP-7] a source at its limit of jobs, on the real server", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ BATCHWATCH_JOBS_PER_SOURCE: "5" });
  });
  afterAll(() => server.remove());

  const answerOf = async (key: string, names: readonly string[]) => {
    const body = JSON.stringify(names.map((name) => member(name, `${name}-1`)));
    const response = await server.post(PATH, key, body);
    return (await response.json()) as {
      accepted: number;
      rejected: { index: number; code: string; message: string }[];
    };
  };
  const jobNames = async (token: string) => {
    const { trpc, close } = server.client(token);
    const dashboard = await trpc.dashboard.get.query();
    close();
    return dashboard.activeJobs.map((row) => row.jobName).sort();
  };

  it("refuses new jobs by member, lets known ones and other sources go on, and still does after a restart", async () => {
    const key = await server.source("dated-names");
    const token = await server.token("tester");
    expect(await answerOf(key, ["a", "b"])).toMatchObject({ accepted: 2, rejected: [] });
    const many = Array.from({ length: 6 }, (_, day) => `c_2026-01-0${day}`);
    const answer = await answerOf(key, ["a", ...many, "b"]);
    expect(answer.accepted).toBe(5);
    expect(answer.rejected.map(({ index, code }) => ({ index, code }))).toEqual(
      [4, 5, 6].map((index) => ({ index, code: "too_many_jobs" })),
    );
    expect(answer.rejected[0]?.message).toContain("its 5 jobs");
    const other = await server.source("another");
    expect(await answerOf(other, ["x"])).toMatchObject({ accepted: 1, rejected: [] });
    const expected = ["a", "b", "c_2026-01-00", "c_2026-01-01", "c_2026-01-02", "x"];
    await eventually(
      () => jobNames(token),
      (names) => JSON.stringify(names) === JSON.stringify(expected),
    );
    await server.kill("SIGTERM");
    await server.boot();
    await server.ready();
    const again = await answerOf(key, ["b", "d", "c_2026-01-02"]);
    expect(again).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: "too_many_jobs" }] });
  });
});
