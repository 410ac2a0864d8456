import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { eventually, ServerProcess } from "./server-process.ts";

const event = (name: string, team: string) => ({
  job: { name, team },
  run: { id: "1" },
  kind: "started",
  at: new Date().toISOString(),
});

describe("who sees what", () => {
  let server: ServerProcess;
  let manager: string;
  let lead: string;
  beforeAll(async () => {
    server = await ServerProcess.start();
    const key = await server.source("jobs");
    manager = await server.token("manager");
    lead = await server.token("lead", "team-lead", "Lending");
    await eventually(
      () =>
        server.post(
          "/api/v1/observations",
          key,
          JSON.stringify([event("loans", "Lending"), event("wires", "Payments")]),
        ),
      (response) => response.status === 202,
    );
    const { trpc, close } = server.client(manager);
    await eventually(
      () => trpc.runs.list.query({ limit: 10 }),
      (page) => page.items.length === 2,
    );
    close();
  });
  afterAll(() => server.remove());

  it("answers 401 without a token, and with a wrong one", async () => {
    for (const headers of [{}, { authorization: `Bearer bw_${"x".repeat(43)}` }]) {
      const response = await fetch(`${server.url}/trpc/dashboard.get`, { headers });
      expect(response.status).toBe(401);
    }
  });

  it("shows a team lead only the team's rows, everywhere", async () => {
    const { trpc, close } = server.client(lead);
    const dashboard = await trpc.dashboard.get.query();
    expect(dashboard.activeJobs.map((row) => row.jobName)).toEqual(["loans"]);
    expect((await trpc.jobs.list.query({ limit: 10 })).items.map((job) => job.name)).toEqual([
      "loans",
    ]);
    const runs = await trpc.runs.list.query({ limit: 10 });
    expect(runs.items.map((run) => run.jobName)).toEqual(["loans"]);
    const all = server.client(manager);
    const foreign = (await all.trpc.runs.list.query({ limit: 10 })).items.find(
      (run) => run.jobName === "wires",
    );
    await expect(trpc.runs.get.query({ executionId: foreign?.executionId ?? "" })).rejects.toThrow(
      "No such run",
    );
    await expect(trpc.jobs.get.query({ jobId: foreign?.jobId ?? "" })).rejects.toThrow(
      "No such job",
    );
    await expect(trpc.dashboard.get.query({ team: "payments" })).rejects.toThrow("do not belong");
    all.close();
    close();
  });

  it.each(["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"])(
    "refuses a socket from the origin %s",
    async (origin) => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc`, { origin });
      const status = await new Promise<number>((resolve) => {
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
        socket.on("open", () => resolve(101));
        socket.on("error", () => {});
      });
      expect(status).toBe(403);
      socket.terminate();
    },
  );

  it("closes a socket that does not authenticate", async () => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`);
    const started = Date.now();
    const code = await new Promise<number>((resolve) => {
      socket.on("close", resolve);
    });
    expect(code).toBe(4401);
    expect(Date.now() - started).toBeLessThan(8_000);
  });

  it("takes no harm from one frame of 50,000 subscriptions, nor from a batch of many", async () => {
    const { trpc, close } = server.client(manager);
    const subscription = (id: number) => ({
      id,
      method: "subscription",
      params: { path: "live.changes", input: {} },
    });
    const frames = [
      JSON.stringify(Array.from({ length: 50_000 }, (_, id) => subscription(id))),
      JSON.stringify(Array.from({ length: 500 }, (_, id) => subscription(id))),
    ];
    for (const frame of frames) {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`);
      await new Promise((resolve) => {
        socket.on("open", resolve);
      });
      socket.send(JSON.stringify({ method: "connectionParams", data: { token: manager } }));
      socket.on("error", () => {});
      const answer = new Promise((resolve) => {
        socket.on("close", resolve);
        socket.on("message", resolve);
      });
      socket.send(frame);
      await answer;
      socket.terminate();
    }
    expect((await trpc.dashboard.get.query()).activeJobs).toHaveLength(2);
    close();
  });

  it("lets a one-time code sign in exactly once", async () => {
    const code = server.signInLink.split("code=")[1];
    const signIn = () =>
      fetch(`${server.url}/auth/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
    const first = await signIn();
    expect(first.status).toBe(200);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toContain("HttpOnly");
    expect(cookie).toContain("SameSite=Strict");
    expect((await signIn()).status).toBe(401);
  });
});
