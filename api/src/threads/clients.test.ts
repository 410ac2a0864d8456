import { MessageChannel, type MessagePort } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { faultsDirOf, testAccessTokenMsOf } from "./faults-dir.ts";
import { LogClient } from "./log-client.ts";
import { type FromLog, STORE_READY, type StoreCall, type ToLog } from "./messages.ts";
import { StoreClient } from "./store-client.ts";

/** Both ends of a channel, as between the main thread and another one. */
function channel(): { main: MessagePort; thread: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  return { main: port1, thread: port2 };
}

const RECORD = {
  partition: 1,
  receivedAt: 1,
  contract: "native",
  sourceId: "s",
  bytes: Buffer.from("[]"),
} as const;

/** A log thread of which only this is real: what it answers. */
function logThread(answer: (message: ToLog) => FromLog | null, end = 0): MessagePort {
  const { main, thread } = channel();
  thread.on("message", (message: ToLog) => {
    const answered = answer(message);
    if (answered !== null) thread.postMessage(answered);
  });
  const bond = { storeId: null, end, truncatedTo: 0, rows: 0 };
  thread.postMessage({ type: "ready", bond } satisfies FromLog);
  return main;
}

describe("the log's client over the death of its thread [SUP-4]", () => {
  it("fails what is pending and what comes while there is none with not_durable, and goes on with the next", async () => {
    const ends: number[] = [];
    let ready = () => {};
    const readied = () =>
      new Promise<void>((resolve) => {
        ready = resolve;
      });
    const client = new LogClient({ onEnd: (end) => ends.push(end), onReady: () => ready() });
    await expect(client.append([RECORD])).rejects.toMatchObject({ code: "not_durable" });
    let up = readied();
    client.attach(logThread(() => null, 3));
    await up;
    const pending = [client.append([RECORD]), client.stats()];
    client.detach(new Error("gone"));
    for (const one of pending) await expect(one).rejects.toMatchObject({ code: "not_durable" });
    up = readied();
    // The commit whose answer was lost has moved the end on: the shards are told.
    client.attach(
      logThread(
        (asked) => ("id" in asked ? { type: "appended", ids: [asked.id], end: 5 } : null),
        4,
      ),
    );
    await up;
    expect(await client.append([RECORD])).toBe(5);
    expect(ends).toEqual([3, 4, 5]);
  });

  it("remembers a failed write until one succeeds, and a failed truncation is none", async () => {
    const error = { name: "SqliteError", message: "full", code: "SQLITE_FULL" };
    let full = true;
    let announce = () => {};
    const ready = new Promise<void>((resolve) => {
      announce = resolve;
    });
    const client = new LogClient({ onEnd: () => {}, onReady: () => announce() });
    client.attach(
      logThread((asked) => {
        if (!("id" in asked)) return null;
        const write = asked.type !== "truncate";
        return full
          ? { type: "refused", ids: [asked.id], write, error }
          : { type: "done", id: asked.id, write, end: 0 };
      }),
    );
    await ready;
    await expect(client.truncate(1)).rejects.toMatchObject({ code: "SQLITE_FULL" });
    expect(client.failure).toBeNull();
    await expect(client.append([RECORD])).rejects.toMatchObject({ code: "SQLITE_FULL" });
    expect(client.failure).toBe("SQLITE_FULL");
    full = false;
    await client.prove();
    expect(client.failure).toBeNull();
  });
});

function storeThread(): MessagePort {
  const { main, thread } = channel();
  thread.on("message", ({ id }: StoreCall) => thread.postMessage({ id, value: "answered" }));
  thread.postMessage({ id: STORE_READY, value: null });
  return main;
}

describe("the store's client over the death of its thread [SUP-5]", () => {
  it("lets calls wait for the next thread, and fails those under way: their outcome is unknown", async () => {
    const client = new StoreClient(() => {});
    const early = client.stores.service.storeId();
    client.attach(storeThread());
    expect(await early).toBe("answered");
    const underWay = client.stores.service.storeId();
    client.detach(new Error("gone"));
    await expect(underWay).rejects.toMatchObject({ code: "store_away" });
    const waiting = client.stores.service.storeId();
    client.attach(storeThread());
    expect(await waiting).toBe("answered");
  });

  it("does not let them wait for ever", async () => {
    const client = new StoreClient(() => {});
    await expect(client.stores.service.storeId()).rejects.toMatchObject({ code: "store_away" });
    const waiting = client.stores.service.storeId();
    client.stop();
    await expect(waiting).rejects.toMatchObject({ code: "store_away" });
  });
});

describe("the door for the faults of tests", () => {
  it.each([{}, { BATCHWATCH_TEST_FAULTS: "" }, { BATCHWATCH_TEST_FAULTS: "true" }])(
    "is closed by %j",
    (env) => expect(faultsDirOf(env, "/data")).toBeNull(),
  );
  it("is closed in production whatever else is set", () => {
    const env = { BATCHWATCH_TEST_FAULTS: "1", NODE_ENV: "production" };
    expect(faultsDirOf(env, "/data")).toBeNull();
    expect(faultsDirOf({ BATCHWATCH_TEST_FAULTS: "1" }, "/data")).toBe("/data");
  });
  it("is the only way to a shorter life of access tokens", () => {
    const short = { BATCHWATCH_TEST_ACCESS_TOKEN_MS: "4000" };
    expect(testAccessTokenMsOf(short)).toBeNull();
    const open = { ...short, BATCHWATCH_TEST_FAULTS: "1" };
    expect(testAccessTokenMsOf(open)).toBe(4_000);
    expect(testAccessTokenMsOf({ ...open, NODE_ENV: "production" })).toBeNull();
    expect(testAccessTokenMsOf({ ...open, BATCHWATCH_TEST_ACCESS_TOKEN_MS: "soon" })).toBeNull();
  });
});
