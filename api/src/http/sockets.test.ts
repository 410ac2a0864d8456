import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { User } from "@batchwatch/engine";
import { onTestFinished, expect, test } from "vitest";
import WebSocket from "ws";
import type { Caller } from "../auth/caller.ts";
import type { Services } from "../trpc/services.ts";
import { Sockets } from "./sockets.ts";

const USER: User = { userId: "u1", name: "Duty Operator", role: "on-call", teamIds: [] };
const TICK_MS = 20;

/** A server with nothing behind its sockets but a stream that never ends. */
async function open(lifeMs: number) {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const state = { revoked: false };
  const expiresAt = Date.now() + lifeMs;
  const sockets = new Sockets({
    server,
    services: {
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
  });
  onTestFinished(async () => {
    await sockets.close();
    server.close();
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/trpc?connectionParams=1`;
  const connect = async (token: string) => {
    const socket = new WebSocket(url);
    const frames: number[] = [];
    socket.on("message", () => frames.push(Date.now()));
    const closed = new Promise<{ code: number; at: number }>((resolve) => {
      socket.on("close", (code) => resolve({ code, at: Date.now() }));
    });
    await new Promise((resolve) => {
      socket.on("open", resolve);
    });
    socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    socket.send(
      JSON.stringify({
        id: 1,
        method: "subscription",
        params: { path: "live.changes", input: {} },
      }),
    );
    return { socket, frames, closed };
  };
  return { sockets, state, expiresAt, connect };
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

test("a token that is none opens nothing", async () => {
  const { connect } = await open(60_000);
  const { frames, closed } = await connect("bad");
  expect((await closed).code).toBe(4401);
  // One answer may have gone: that nobody is signed in.
  expect(frames.length).toBeLessThanOrEqual(1);
});
