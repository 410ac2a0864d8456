import {
  Board,
  type LiveItem,
  type RunRow,
  type Scope,
  type SystemHealth,
} from "@batchwatch/engine";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { Feed } from "./feed.ts";

const HEALTH: SystemHealth = { status: "UP", components: [] };
const LENDING: Scope = { teamIds: ["lending"], payload: true };
const CARDS: Scope = { teamIds: ["cards"], payload: true };

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
  it("is asked who they are before each item: another team's rows end with a reset", async () => {
    let scope: Scope | null = LENDING;
    const stop = new AbortController();
    const stream = feed.read(
      () => scope,
      "e:0",
      stop.signal,
      () => true,
    );
    board.apply([row("1", "lending"), row("2", "cards")], 0);
    const first = await next(stream, "changes");
    expect(first).toMatchObject({ changes: [{ key: "run:1" }] });
    scope = CARDS;
    board.apply([row("3", "lending"), row("4", "cards")], 0);
    feed.changed();
    // What changed meanwhile is in the dashboard that the reset asks for.
    expect((await next(stream, "reset"))?.type).toBe("reset");
    board.apply([row("5", "lending"), row("6", "cards")], 0);
    feed.changed();
    expect(await next(stream, "changes")).toMatchObject({ changes: [{ key: "run:6" }] });
    scope = null;
    board.apply([row("7", "cards")], 0);
    feed.changed();
    expect(await next(stream, "changes")).toBeNull();
    expect(feed.clients).toBe(0);
  });

  it("gets the same scope made anew without a reset", async () => {
    const stop = new AbortController();
    const stream = feed.read(
      () => ({ ...LENDING }),
      "e:0",
      stop.signal,
      () => true,
    );
    board.apply([row("1", "lending")], 0);
    expect((await stream.next()).value.item.type).toBe("changes");
    board.apply([row("2", "lending")], 0);
    feed.changed();
    expect((await stream.next()).value.item.type).toBe("changes");
    stop.abort();
    expect((await stream.next()).done).toBe(true);
  });

  it("is told of the service's health as their scope may know it", async () => {
    const stop = new AbortController();
    const healthOf = async (scope: Scope) => {
      const item = await next(
        feed.read(
          () => scope,
          null,
          stop.signal,
          () => true,
        ),
        "heartbeat",
      );
      return item?.type === "heartbeat" ? item.systemHealth.status : null;
    };
    expect(await healthOf(LENDING)).toBe("UP");
    expect(await healthOf({ ...LENDING, payload: false })).toBe("DOWN");
    stop.abort();
  });
});
