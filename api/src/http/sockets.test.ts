import { createServer } from "node:http";
import { type AddressInfo, connect as connectTo } from "node:net";
import type { User } from "@batchwatch/engine";
import { onTestFinished, expect, test } from "vitest";
import WebSocket from "ws";
import type { Caller } from "../auth/caller.ts";
import { API_LIMITS } from "../options.ts";
import type { Services } from "../trpc/services.ts";
import { CallBudget } from "./call-budget.ts";
import { type SocketOptions, Sockets } from "./sockets.ts";

const USER: User = { userId: "u1", name: "Duty Operator", role: "on-call", teamIds: [] };
const TICK_MS = 20;
const BOARD = { rows: "x".repeat(400_000) };

/** A server with nothing behind its sockets but a stream that never ends. */
async function open(lifeMs: number, more: Partial<SocketOptions> = {}) {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const state = { revoked: false, boards: 0 };
  const budget = new CallBudget();
  const expiresAt = Date.now() + lifeMs;
  const sockets = new Sockets({
    server,
    budget,
    services: {
      dashboard: () => {
        state.boards += 1;
        return BOARD;
      },
      changes: async function* (_scope: unknown, _id: unknown, signal: AbortSignal) {
        for (let seq = 1; !signal.aborted; seq += 1) {
          yield { id: `e:${seq}`, item: { type: "heartbeat" } };
          await new Promise((resolve) => {
            setTimeout(resolve, TICK_MS);
          });
        }
      },
    } as unknown as Services,
    maxConnections: 10,
    pingMs: 30_000,
    behindProxy: false,
    origin: () => "allowed",
    byToken: async (token): Promise<Caller | null> =>
      token === "good" ? { user: USER, by: "session", id: "s1", expiresAt } : null,
    isGood: (caller) => !state.revoked && caller.expiresAt > Date.now(),
    ...more,
  });
  onTestFinished(async () => {
    await sockets.close();
    server.close();
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/trpc?connectionParams=1`;
  const connect = async (token: string, isReading = true, headers = {}) => {
    const socket = new WebSocket(url, { headers });
    const frames: number[] = [];
    socket.on("message", () => frames.push(Date.now()));
    const closed = new Promise<{ code: number; at: number }>((resolve) => {
      socket.on("close", (code) => resolve({ code, at: Date.now() }));
    });
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    if (!isReading) return { socket, frames, closed };
    socket.send(
      JSON.stringify({
        id: 1,
        method: "subscription",
        params: { path: "live.changes", input: {} },
      }),
    );
    return { socket, frames, closed };
  };
  return { server, sockets, state, budget, expiresAt, connect };
}

const callsFor = (path: string, count: number, from = 0) =>
  JSON.stringify(
    Array.from({ length: count }, (_, at) => ({
      id: from + at + 1,
      method: "query",
      params: { path },
    })),
  );

/** The codes that calls were refused with, and null for each that was answered. */
function codesOf(socket: WebSocket): (string | null)[] {
  const codes: (string | null)[] = [];
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    if (!text.startsWith("{")) return;
    const { error } = JSON.parse(text) as { error?: { data: { code: string } } };
    codes.push(error?.data.code ?? null);
  });
  return codes;
}

test("a socket ends with its token, and says that it is for that", async () => {
  const { connect, expiresAt, sockets } = await open(600);
  const { frames, closed } = await connect("good");
  const { code, at } = await closed;
  expect(code).toBe(4401);
  expect(at).toBeGreaterThanOrEqual(expiresAt - 1);
  expect(at - expiresAt).toBeLessThan(1_000);
  expect(frames.length).toBeGreaterThan(5);
  expect(Math.max(...frames)).toBeLessThan(expiresAt + 1_000);
  await expect.poll(() => sockets.size).toBe(0);
});

test("a token that outlives any timer ends its socket when it is revoked", async () => {
  const { connect, state, sockets } = await open(300 * 86_400_000);
  const { frames, closed } = await connect("good");
  await expect.poll(() => frames.length).toBeGreaterThan(3);
  state.revoked = true;
  const revoked = Date.now();
  sockets.recheck();
  const { code, at } = await closed;
  expect(code).toBe(4401);
  expect(at - revoked).toBeLessThan(1_000);
});

test("whoever does not answer to the end is cut off", async () => {
  const { connect, state, sockets } = await open(60_000);
  const { socket, frames } = await connect("good");
  await expect.poll(() => frames.length).toBeGreaterThan(1);
  socket.pause();
  state.revoked = true;
  sockets.recheck();
  await expect.poll(() => sockets.size, { timeout: 1_500 }).toBe(0);
  socket.terminate();
});

test("a token that is none opens nothing, and is told of", async () => {
  const bad: string[] = [];
  const { connect } = await open(60_000, {
    badToken: (token, what) => bad.push(`${token} ${what}`),
  });
  const { frames, closed } = await connect("bad");
  expect((await closed).code).toBe(4401);
  // One answer may have gone: that nobody is signed in.
  expect(frames.length).toBeLessThanOrEqual(1);
  expect(bad).toEqual(["bad UPGRADE /trpc"]);
});

test("a batch on a socket has few calls under way, and fewer for the whole board", async () => {
  const { connect, state } = await open(60_000);
  const { socket } = await connect("good", false);
  const codes = codesOf(socket);
  socket.send(callsFor("dashboard.get", API_LIMITS.batchCalls));
  await expect.poll(() => codes.length).toBe(API_LIMITS.batchCalls);
  expect(state.boards).toBe(API_LIMITS.largeAtOnce);
  expect(codes.filter((code) => code === null)).toHaveLength(API_LIMITS.largeAtOnce);
  expect(new Set(codes)).toEqual(new Set([null, "TOO_MANY_REQUESTS"]));
  codes.length = 0;
  socket.send(callsFor("dashboard.get", 1));
  await expect.poll(() => codes).toEqual([null]);
});

test("calls in batches count as messages: a flood of them ends the socket", async () => {
  const { connect, state, sockets } = await open(60_000);
  const { socket, closed } = await connect("good", false);
  for (let at = 0; at < 50; at += 1) socket.send(callsFor("dashboard.get", 20, at * 20));
  await closed;
  expect(state.boards).toBeLessThan(10);
  await expect.poll(() => sockets.size).toBe(0);
});

test("whoever does not read the answers gets few more", async () => {
  const { connect, state, sockets } = await open(60_000);
  const { socket } = await connect("good", false);
  socket.pause();
  const asked = 100;
  for (let at = 0; at < asked; at += 1) {
    socket.send(callsFor("dashboard.get", 1, at));
    await new Promise((resolve) => {
      setTimeout(resolve, TICK_MS + 5);
    });
  }
  // What the system takes in between two processes is read as far as anybody can tell.
  expect(state.boards).toBeLessThan(asked / 2);
  expect(sockets.size).toBe(1);
  socket.terminate();
});

test("a user's calls are counted over all sockets, and with those over HTTP", async () => {
  const { connect, budget, state } = await open(60_000);
  budget.waitSeconds(USER.userId, API_LIMITS.callsPerMinutePerUser - 2, Date.now());
  const [one, other] = [await connect("good", false), await connect("good", false)];
  const codes = [codesOf(one.socket), codesOf(other.socket)];
  one.socket.send(callsFor("dashboard.get", 1));
  other.socket.send(callsFor("dashboard.get", 1));
  await expect.poll(() => codes).toEqual([[null], [null]]);
  other.socket.send(callsFor("dashboard.get", 1, 1));
  await expect.poll(() => codes[1]).toEqual([null, "TOO_MANY_REQUESTS"]);
  expect(state.boards).toBe(2);
});

test.each([
  ["404", "/nowhere", {}],
  ["403", "/trpc", { origin: () => "refused" }],
  ["503", "/trpc", { maxConnections: 0 }],
] as const)(
  "a connection that is refused with %s is gone, whatever its other end does",
  async (status, path, more) => {
    const { server } = await open(60_000, more);
    const count = () =>
      new Promise<number>((resolve) => {
        server.getConnections((_error, connections) => resolve(connections));
      });
    const { port } = server.address() as AddressInfo;
    const peers = Array.from({ length: 5 }, () => {
      // It does not answer to the end of the connection with its own.
      const socket = connectTo({ port, host: "127.0.0.1", allowHalfOpen: true });
      onTestFinished(() => void socket.destroy());
      let received = "";
      socket.on("error", () => {});
      socket.on("data", (chunk: Buffer) => {
        received += chunk.toString();
      });
      const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
      const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n${key}\r\n\r\n`);
      return () => received;
    });
    await expect
      .poll(() => peers.filter((received) => received().startsWith(`HTTP/1.1 ${status}`)).length)
      .toBe(peers.length);
    await expect.poll(count).toBe(0);
  },
);

test("an IPv6 network of 64 bits has the sockets of a few addresses, one inside of each its own", async () => {
  const { connect, sockets } = await open(60_000, {
    behindProxy: true,
    maxConnections: 1_000,
    byToken: async (token) => ({
      user: { ...USER, userId: token },
      by: "session",
      id: "s1",
      expiresAt: Infinity,
    }),
    isGood: () => true,
  });
  const from = (n: number) => ({ "x-forwarded-for": `2001:db8:0:1::${n.toString(16)}` });
  const inside = (n: number) => ({ "x-forwarded-for": `fd00:0:0:1::${n.toString(16)}` });
  let people = 0;
  const fill = async (count: number, headers: (n: number) => object) => {
    for (let n = 0; n < count; n += 1) {
      const { socket } = await connect(`u${(people += 1)}`, false, headers(n));
      const codes = codesOf(socket);
      socket.send(callsFor("ping", 1));
      await expect.poll(() => codes, { interval: 5 }).toHaveLength(1);
    }
  };
  const { socketsPerAddress, networkTimes } = API_LIMITS;
  await fill(socketsPerAddress, () => from(0));
  await expect(connect("u", false, from(0))).rejects.toThrow("503");
  await fill(socketsPerAddress * (networkTimes - 1), (n) => from(n + 1));
  await expect(connect("u", false, from(0xffff))).rejects.toThrow("503");
  await connect("u", false, { "x-forwarded-for": "2001:db8:0:2::1" });
  await fill(socketsPerAddress * networkTimes, inside);
  await connect("u", false, inside(0xffff));
  expect(sockets.size).toBe(socketsPerAddress * networkTimes * 2 + 2);
});
