import {
  Board,
  type LiveItem,
  type RunRow,
  type Scope,
  type SystemHealth,
  type User,
} from "@batchwatch/engine";
import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { API_LIMITS } from "../options.ts";
import { appRouter } from "../trpc/router.ts";
import type { Services } from "../trpc/services.ts";
import { Feed } from "./feed.ts";

const HEALTH: SystemHealth = { status: "UP", components: [] };
const LENDING: Scope = { teamIds: ["lending"], payload: true };

function row(id: string, teamId: string): RunRow {
  return { kind: "run", key: `run:${id}`, teamId, state: "running", message: null } as RunRow;
}

let board: Board;
let feed: Feed;
beforeEach(() => {
  board = new Board("e");
  feed = new Feed({
    board,
    now: () => 0,
    health: (scope) => ({
      ...HEALTH,
      components: [],
      ...(scope.payload ? {} : { status: "DOWN" }),
    }),
    metrics: () => ({}) as never,
    updateIntervalMs: 20,
  });
  onTestFinished(() => feed.close());
});

/** Reads items until one of this type comes; null: the stream ended. */
async function next(
  stream: AsyncGenerator<{ item: LiveItem }>,
  type: LiveItem["type"],
): Promise<LiveItem | null> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one item after the other
    const { value, done } = await stream.next();
    if (done === true) return null;
    if (value.item.type === type) return value.item;
  }
}

describe("a reader of the live stream [S61]", () => {
  it("gets their own teams' rows, and that one left them for another team", async () => {
    const stop = new AbortController();
    const stream = feed.read(LENDING, "e:0", stop.signal, () => true);
    board.apply([row("1", "lending"), row("2", "cards")], 0);
    expect(await next(stream, "changes")).toMatchObject({ changes: [{ key: "run:1" }] });
    board.apply([row("1", "cards"), row("2", "lending")], 0);
    feed.changed();
    const moved = await next(stream, "changes");
    expect(moved).toMatchObject({
      changes: [{ key: "run:1", kind: "gone", teamId: "lending" }, { key: "run:2" }],
    });
    expect(JSON.stringify(moved)).not.toContain("cards");
    stop.abort();
    expect(await next(stream, "changes")).toBeNull();
    expect(feed.clients).toBe(0);
  });

  it("is told the very same as all who kept up, whatever changes meanwhile", async () => {
    const { signal } = new AbortController();
    const streams = [1, 2, 3].map(() => feed.read(LENDING, "e:0", signal, () => true));
    const told: (LiveItem | null)[] = [];
    board.apply([row("1", "lending")], 0);
    feed.changed();
    for (const [index, stream] of streams.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- the board changes between them
      told.push(await next(stream, "changes"));
      board.apply([row(`later-${index}`, "lending")], 0);
    }
    expect(told[0]).toMatchObject({ changes: [{ key: "run:1" }] });
    expect(told[1]).toBe(told[0]);
    expect(told[2]).toBe(told[0]);
    feed.changed();
    const rest = await Promise.all(streams.map((stream) => next(stream, "changes")));
    expect(rest[0]).toMatchObject({ changes: [0, 1, 2].map((n) => ({ key: `run:later-${n}` })) });
    expect(new Set(rest).size).toBe(1);
  });

  it("does not keep the process from other work when there are many", async () => {
    let told = 0;
    const readers = Array.from({ length: 4 * API_LIMITS.readersPerTurn }, async () => {
      const { signal } = new AbortController();
      await next(
        feed.read(LENDING, "e:0", signal, () => true),
        "changes",
      );
      told += 1;
    });
    await setImmediate();
    board.apply([row("1", "lending")], 0);
    feed.changed();
    const seen = new Set<number>();
    while (told < readers.length) {
      seen.add(told);
      // oxlint-disable-next-line no-await-in-loop -- one turn of the loop after the other
      await setImmediate();
    }
    expect(seen.size).toBeGreaterThanOrEqual(4);
    await Promise.all(readers);
  });

  it("is told of the service's health as their scope may know it", async () => {
    const stop = new AbortController();
    const healthOf = async (scope: Scope) => {
      const item = await next(
        feed.read(scope, null, stop.signal, () => true),
        "heartbeat",
      );
      return item?.type === "heartbeat" ? item.systemHealth.status : null;
    };
    expect(await healthOf(LENDING)).toBe("UP");
    expect(await healthOf({ ...LENDING, payload: false })).toBe("DOWN");
    stop.abort();
  });

  it("is asked before each item whether they are still who they were", async () => {
    const user: User = { userId: "u", name: "n", role: "team-lead", teamIds: ["lending"] };
    let isGood = true;
    const services = {
      changes: (...asked: Parameters<Services["changes"]>) => feed.read(...asked),
    } as unknown as Services;
    const context = { user, services, ready: () => true, stillGood: () => isGood };
    const stream = await appRouter.createCaller(context).live.changes({ lastEventId: "e:0" });
    const items = stream[Symbol.asyncIterator]();
    board.apply([row("1", "lending")], 0);
    expect((await items.next()).value).toBeDefined();
    isGood = false;
    board.apply([row("2", "lending")], 0);
    feed.changed();
    expect(await items.next()).toMatchObject({ done: true });
  });
});
