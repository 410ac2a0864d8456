import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LiveItem } from "@batchwatch/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserSession, openSocket } from "./browser-session.ts";
import { eventually, PATIENCE, ServerProcess } from "./server-process.ts";

const COMMAND = fileURLToPath(new URL("../bin/batchwatch.js", import.meta.url));
const PASSWORD = "four words that stay";

describe("signing in on a running server", () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start({ BATCHWATCH_UPDATE_INTERVAL_MS: "200" });
  });
  afterAll(() => server.remove());

  /** A user of their own, signed in in a browser. */
  async function person(name: string, role = "operations-manager"): Promise<BrowserSession> {
    await server.command("user", "add", "--name", name, "--role", role, "--team", "Lending");
    const { link = "" } = await server.command("user", "link", "--name", name);
    return BrowserSession.signIn(server, { code: link.split("code=")[1] });
  }

  const me = (headers: Readonly<Record<string, string>>) =>
    fetch(`${server.url}/trpc/me.get`, { headers });

  it("the printed link gives a token for calls and sockets; the cookie alone opens neither", async () => {
    const session = await BrowserSession.byLink(server);
    expect((await me(session.headers)).status).toBe(200);
    expect((await me({ cookie: session.cookie })).status).toBe(401);
    expect((await me({ cookie: session.cookie, origin: server.url })).status).toBe(401);
    const cookieOnly = await openSocket(server.url, session.cookie.split("=")[1] ?? "");
    expect((await cookieOnly.closed).code).toBe(4401);
    const { socket, frames, ask } = await openSocket(server.url, session.accessToken);
    ask(1, "me.get");
    const [frame] = await eventually(
      () => frames,
      (all) => all.length > 0,
    );
    expect(JSON.parse(frame?.text ?? "")).toMatchObject({
      result: { data: { name: "operations" } },
    });
    socket.close();
  });

  it.each(["sign-out", "everywhere", "password", "reuse"])(
    "a socket closes with 4401 within a second of the session's end by %s, and nothing comes after it",
    async (how) => {
      const session = await person(`ends by ${how}`);
      const old = session.cookie;
      await session.post("/auth/refresh");
      await session.post("/auth/refresh");
      const { frames, closed, ask } = await openSocket(server.url, session.accessToken);
      ask(1, "live.changes", "subscription", {});
      await eventually(
        () => frames.length,
        (count) => count > 1,
      );
      const began = Date.now();
      if (how === "sign-out") await session.post("/auth/sign-out");
      if (how === "reuse") expect((await session.post("/auth/refresh", {}, old)).status).toBe(401);
      if (how === "everywhere") {
        const all = await fetch(`${server.url}/trpc/me.signOutEverywhere`, {
          method: "POST",
          headers: { ...session.headers, "content-type": "application/json" },
        });
        expect(all.status).toBe(200);
      }
      if (how === "password") await setPassword(`ends by ${how}`, PASSWORD);
      const answered = Date.now();
      const { code, at } = await closed;
      expect(code).toBe(4401);
      // The command line has its own start and hash to do; the server's second begins when it is through.
      expect(at - (how === "password" ? answered : began)).toBeLessThan(1_000 * PATIENCE);
      expect(frames.every((frame) => frame.at <= at)).toBe(true);
      expect((await me(session.headers)).status).toBe(401);
      const refused = await openSocket(server.url, session.accessToken);
      expect((await refused.closed).code).toBe(4401);
    },
  );

  async function setPassword(name: string, password: string): Promise<string> {
    const child = spawn(process.execPath, [COMMAND, "user", "password", "--name", name], {
      env: { ...process.env, BATCHWATCH_DATA_DIR: server.dataDir },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end(`${password}\n`);
    const code = await new Promise((resolve) => {
      child.on("exit", resolve);
    });
    return `${String(code)} ${said}`;
  }

  it("a password set on the host lets in on the running server", async () => {
    await person("With Password", "auditor");
    expect(await setPassword("With Password", "too short")).toMatch(/^1 .*at least 12/s);
    expect(await setPassword("With Password", PASSWORD)).toMatch(
      /^0 The password of With Password/,
    );
    const session = await BrowserSession.signIn(server, {
      name: "With Password",
      password: PASSWORD,
    });
    expect((await me(session.headers)).status).toBe(200);
    await expect(
      BrowserSession.signIn(server, { name: "With Password", password: "not that one" }),
    ).rejects.toThrow("401");
  });

  it("a revoked program's token is refused within a second, and its socket closes", async () => {
    const token = await server.token("a program");
    const { closed, frames, ask } = await openSocket(server.url, token);
    ask(1, "me.get");
    await eventually(
      () => frames.length,
      (count) => count > 0,
    );
    await server.command("token", "revoke", "--user", "a program");
    const revoked = Date.now();
    const { code, at } = await closed;
    expect([code, at - revoked < 1_000 * PATIENCE]).toEqual([4401, true]);
    expect((await me({ authorization: `Bearer ${token}` })).status).toBe(401);
  });

  it("a page that was cut off goes on after the last thing it saw, with the token it refreshed", async () => {
    const key = await server.source("jobs");
    const session = await person("Going On");
    const rows = new Map<string, number>();
    let last: string | null = null;
    let cuts = 0;
    const listen = (client: ReturnType<ServerProcess["client"]>) =>
      client.trpc.live.changes.subscribe(
        { lastEventId: last },
        {
          onData: ({ id, data }: { id: string; data: LiveItem }) => {
            last = id;
            if (data.type === "reset") throw new Error("the place was lost");
            if (data.type !== "changes") return;
            for (const row of data.changes) rows.set(row.key, (rows.get(row.key) ?? 0) + 1);
          },
        },
      );
    const send = async (from: number, to: number) => {
      const at = new Date().toISOString();
      const events = Array.from({ length: to - from }, (_, index) => ({
        job: { name: `job-${from + index}`, team: "Lending" },
        run: { id: `${from + index}` },
        kind: "started",
        at,
      }));
      expect((await server.post("/api/v1/observations", key, JSON.stringify(events))).status).toBe(
        202,
      );
    };
    let client = server.client(session.accessToken);
    const { epoch, seq } = await client.trpc.dashboard.get.query();
    last = `${epoch}:${seq}`;
    listen(client);
    for (let round = 0; round < 4; round += 1) {
      await send(round * 50, round * 50 + 25);
      await eventually(
        () => [...rows.keys()].filter((row) => row.startsWith("run:")).length,
        (count) => count >= round * 50 + 25,
      );
      // What an expired token does, only sooner; more happens while nobody listens.
      client.close();
      cuts += 1;
      await send(round * 50 + 25, round * 50 + 50);
      expect((await session.post("/auth/refresh")).status).toBe(200);
      client = server.client(session.accessToken);
      listen(client);
      await eventually(
        () => [...rows.keys()].filter((row) => row.startsWith("run:")).length,
        (count) => count >= round * 50 + 50,
      );
    }
    client.close();
    expect(cuts).toBe(4);
    const runs = [...rows].filter(([row]) => row.startsWith("run:"));
    expect(runs).toHaveLength(200);
  });
});
