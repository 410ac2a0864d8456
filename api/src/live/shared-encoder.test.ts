import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { initTRPC, tracked } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { sharedEncoder } from "./shared-encoder.ts";

/** Subscribes to `items` and returns the first data message, parsed. */
function firstItem(url: string, id: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("error", reject);
    socket.on("open", () => {
      const params = { path: "items" };
      socket.send(JSON.stringify({ id, jsonrpc: "2.0", method: "subscription", params }));
    });
    socket.on("message", (bytes: Buffer) => {
      const message = JSON.parse(bytes.toString("utf8")) as { result?: { type?: string } };
      if (message.result?.type !== "data") return;
      socket.terminate();
      resolve(message);
    });
  });
}

describe("the shared encoder", () => {
  it("says what JSON.stringify says, for every message", () => {
    const item = fc.oneof(fc.object(), fc.jsonValue());
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({
        id: fc.integer(),
        jsonrpc: fc.constant("2.0"),
        result: fc.record({
          type: fc.constant("data"),
          id: fc.string(),
          data: fc.oneof(item, fc.record({ id: fc.oneof(fc.string(), item), data: item })),
        }),
      }),
      fc.record({ id: fc.integer(), error: fc.object() }),
      fc.record({ result: fc.record({ data: item }) }),
    );
    fc.assert(
      fc.property(message, (one) => {
        const plain: unknown = JSON.parse(JSON.stringify(one));
        expect(JSON.parse(sharedEncoder.encode(one))).toEqual(plain);
        expect(JSON.parse(sharedEncoder.encode(one))).toEqual(plain);
      }),
    );
  });

  it("serialises an item once for all its readers, as tRPC's own adapter hands it over", async () => {
    let times = 0;
    const item = {
      toJSON: () => {
        times += 1;
        return { type: "heartbeat" };
      },
    };
    const t = initTRPC.create();
    const router = t.router({
      items: t.procedure.subscription(async function* () {
        yield tracked("e:1", item);
      }),
    });
    const wss = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    applyWSSHandler({ wss, router, experimental_encoder: sharedEncoder });
    onTestFinished(() => {
      wss.close();
    });
    await once(wss, "listening");
    const url = `ws://127.0.0.1:${(wss.address() as AddressInfo).port}`;
    const seen = await Promise.all([1, 2, 3].map((id) => firstItem(url, id)));
    expect(seen).toEqual(
      [1, 2, 3].map((id) => ({
        id,
        jsonrpc: "2.0",
        result: { type: "data", id: "e:1", data: { id: "e:1", data: { type: "heartbeat" } } },
      })),
    );
    expect(times).toBe(1);
  });

  it("reads frames strictly: not deep, not many calls, no key that reaches a prototype", () => {
    const bytes = new TextEncoder().encode('{"id":1}');
    expect(sharedEncoder.decode(bytes)).toEqual({ id: 1 });
    for (const frame of [
      "[".repeat(40_000),
      `[${"1,".repeat(49_999)}1]`,
      '{"__proto__":{}}',
      "{",
    ]) {
      expect(() => sharedEncoder.decode(frame)).toThrow(/deeper|at most|not allowed|must be JSON/);
    }
  });
});
