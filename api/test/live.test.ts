import type { LiveItem } from "@batchwatch/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { eventually, ServerProcess } from "./server-process.ts";

interface Received {
  readonly ids: string[];
  readonly rows: Map<string, unknown>;
  readonly stop: () => void;
}

describe("the live stream", () => {
  let server: ServerProcess;
  let key: string;
  let token: string;
  let runs = 0;
  beforeAll(async () => {
    server = await ServerProcess.start({
      BATCHWATCH_UPDATE_INTERVAL_MS: "500",
      // A small heap is collected early, so that resident memory shows what is held and not what waits to be freed.
      BATCHWATCH_THREAD_HEAP_MB: "192",
    });
    key = await server.source("jobs");
    token = await server.token("tester");
  });
  afterAll(() => server.remove());

  async function send(count: number): Promise<void> {
    const at = new Date().toISOString();
    const body = Array.from({ length: count }, () => {
      runs += 1;
      return { job: { name: `job-${runs % 30}` }, run: { id: `${runs}` }, kind: "started", at };
    });
    const response = await server.post("/api/v1/observations", key, JSON.stringify(body));
    expect(response.status).toBe(202);
  }

  function listen(
    client: ReturnType<ServerProcess["client"]>,
    lastEventId: string | null,
  ): Received {
    const ids: string[] = [];
    const rows = new Map<string, unknown>();
    const subscription = client.trpc.live.changes.subscribe(
      { lastEventId },
      {
        onData: ({ id, data }: { id: string; data: LiveItem }) => {
          ids.push(id);
          if (data.type === "changes") for (const row of data.changes) rows.set(row.key, row);
        },
      },
    );
    return { ids, rows, stop: () => subscription.unsubscribe() };
  }

  it("gives two clients the same rows, each once, and heartbeats when nothing changes", async () => {
    const clients = [server.client(token), server.client(token)];
    const { epoch, seq } = await clients[0]!.trpc.dashboard.get.query();
    const received = clients.map((client) => listen(client, `${epoch}:${seq}`));
    await send(150);
    for (const one of received) {
      await eventually(
        () => one.rows.size,
        (size) => size >= 150,
      );
    }
    expect([...received[0]!.rows]).toEqual([...received[1]!.rows]);
    const before = received[0]!.ids.length;
    await eventually(
      () => received[0]!.ids.length,
      (length) => length > before,
      2_000,
    );
    for (const client of clients) client.close();
  });

  it("resumes after the last id without a gap or a repeat", async () => {
    const first = server.client(token);
    // A dashboard is served again for a moment: one that has all runs sent so far.
    const { epoch, seq } = await eventually(
      () => first.trpc.dashboard.get.query(),
      ({ activeJobs }) => activeJobs.length === runs,
    );
    const before = listen(first, `${epoch}:${seq}`);
    await send(40);
    await eventually(
      () => before.rows.size,
      (size) => size === 40,
    );
    const last = before.ids.at(-1) ?? "";
    first.close();
    await send(40);
    const second = server.client(token);
    const after = listen(second, last);
    await eventually(
      () => after.rows.size,
      (size) => size >= 40,
    );
    expect([...after.rows.keys()].filter((row) => before.rows.has(row))).toEqual([]);
    expect(after.rows.size).toBe(40);
    second.close();
  });

  it.each(["other-epoch:5", "garbage", ":", `${"9".repeat(15)}:1`])(
    "answers the unknown position %s with reset",
    async (lastEventId) => {
      const client = server.client(token);
      const items: string[] = [];
      client.trpc.live.changes.subscribe(
        { lastEventId },
        { onData: ({ data }) => items.push(data.type) },
      );
      await eventually(
        () => items.length,
        (length) => length > 0,
      );
      expect(items[0]).toBe("reset");
      client.close();
    },
  );

  it("does not buffer without end for a client that stops reading, and serves the others", async () => {
    const slow = new WebSocket(`${server.url.replace("http", "ws")}/trpc?connectionParams=1`);
    await new Promise((resolve) => {
      slow.on("open", resolve);
    });
    slow.send(JSON.stringify({ method: "connectionParams", data: { token } }));
    slow.send(
      JSON.stringify({
        id: 1,
        method: "subscription",
        params: { path: "live.changes", input: {} },
      }),
    );
    await new Promise((resolve) => {
      slow.once("message", resolve);
    });
    slow.pause();
    const quick = server.client(token);
    const { epoch, seq } = await quick.trpc.dashboard.get.query();
    const received = listen(quick, `${epoch}:${seq}`);
    const memory = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
    };
    const start = await memory();
    for (let round = 0; round < 40; round += 1) await send(200);
    await eventually(
      () => received.rows.size,
      (size) => size >= 8_000,
      20_000,
    );
    // 8,000 rows of about 700 bytes would be 5.6 MB for the slow client; the rest is the runs themselves.
    expect((await memory()) - start).toBeLessThan(250 * 1024 * 1024);
    slow.terminate();
    quick.close();
  });
});
