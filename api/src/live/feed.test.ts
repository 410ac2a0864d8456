import {
  Board,
  type LiveItem,
  type RunRow,
  type Scope,
  type SystemHealth,
  type User,
} from "@batchwatch/engine";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
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
