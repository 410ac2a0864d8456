import { QueryClient } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import type { IncidentView, MeView } from "batchwatch/router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStore } from "../live/live-store.ts";
import { dashboard, runRow } from "../live/test-rows.ts";
import { BoardKeeper } from "./board-keeper.ts";
import { useAllCommands } from "./commands.ts";
import { type DeviceStore, keepIn } from "./device-store.ts";
import { DEVICE_SCHEMA, OFFLINE_LIMITS } from "./limits.ts";
import { memoryStore } from "./memory-store.ts";
import { claim } from "./owner.ts";
import { keepQueries } from "./query-keeper.ts";
import { restore } from "./restore.ts";
import { useStoredIncidents } from "./stored-incidents.ts";
import { command } from "./test-commands.ts";
import { FullStore } from "./test-full-store.ts";

const ME: MeView = {
  userId: "u1",
  name: "Duty Operator",
  role: "on-call",
  teamIds: [],
  teams: [],
  version: "0.1.0",
  sample: false,
  hasSource: true,
  updateIntervalMs: 5_000,
  serverTime: "2026-11-11T02:14:08.000Z",
};
const view = (incidentId: string): IncidentView => ({ incidentId }) as IncidentView;

/** One life of the app after another, on one device. */
describe("what is kept of the board and put back", () => {
  let store: DeviceStore;
  const keepers: BoardKeeper[] = [];
  beforeEach(async () => {
    vi.useFakeTimers();
    store = memoryStore();
    await claim(store, "u1");
    await store.set("me", { schema: DEVICE_SCHEMA, me: ME, at: 5 });
  });
  afterEach(() => {
    for (const one of keepers.splice(0)) one.stop();
    vi.useRealTimers();
  });

  function life(now = 1_000): {
    live: LiveStore;
    queries: QueryClient;
    setNow: (at: number) => void;
  } {
    let at = now;
    const live = new LiveStore(() => at);
    return {
      live,
      queries: new QueryClient(),
      setNow: (next) => {
        at = next;
      },
    };
  }
  function keeper(live: LiveStore, userId = "u1"): BoardKeeper {
    const made = new BoardKeeper({ store, live, userId });
    made.start();
    keepers.push(made);
    return made;
  }

  it("is the board with its age, written at most every five seconds", async () => {
    const { live, setNow } = life();
    keeper(live);
    live.snapshot(dashboard({ activeJobs: [runRow("a")] }), false);
    expect(await store.get("board")).toBeUndefined();
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    expect(await store.get("board")).toMatchObject({ receivedAt: 1_000, userId: "u1" });
    // Only its age changes: the rows are not written again.
    setNow(9_000);
    heartbeat(live);
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    expect(await store.get("board")).toMatchObject({ receivedAt: 1_000 });
    expect(await store.get("boardConfirmed")).toEqual({ of: 1_000, at: 9_000 });

    const next = life(60_000);
    expect(await restore({ store, ...next })).toBe("u1");
    expect(next.live.get()).toMatchObject({ receivedAt: 9_000, link: "connecting" });
    expect(next.live.get().board?.rows.get("run:a")).toEqual(runRow("a"));
    expect(next.queries.getQueryData(["me"])).toEqual(ME);
  });

  it("is written at once when the page is hidden", async () => {
    const { live } = life();
    keeper(live);
    live.snapshot(dashboard(), false);
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(0);
    expect(await store.get("board")).toMatchObject({ receivedAt: 1_000 });
  });

  it("is of the team that it says, whatever team was chosen since", async () => {
    const { live } = life();
    live.snapshot(dashboard({ activeJobs: [runRow("a")] }), false, "lending");
    await keeper(live).save();
    const next = life();
    await restore({ store, ...next });
    expect(next.live.get().team).toBe("lending");
  });

  it("is not called newer than it is after the device refused a newer one", async () => {
    const device = new FullStore();
    store = device;
    await claim(store, "u1");
    await store.set("me", { schema: DEVICE_SCHEMA, me: ME, at: 5 });
    const { live, setNow } = life();
    await keeperSaves(live);
    device.isFull = true;
    setNow(7_000);
    live.snapshot(dashboard({ activeJobs: [runRow("failed-since")] }), false);
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    // There is room again for little, and nothing but the age changes.
    device.isFull = false;
    device.tooLarge = "board";
    setNow(9_000);
    heartbeat(live);
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    const next = life(60_000);
    await restore({ store, ...next });
    expect([...(next.live.get().board?.rows.keys() ?? [])]).toEqual(["run:a"]);
    expect(next.live.get().receivedAt).toBe(1_000);
    // Once there is room, its rows are written, though nothing but its age has changed since.
    device.tooLarge = null;
    setNow(11_000);
    heartbeat(live);
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    expect((await store.get("board"))?.board.rows.has("run:failed-since")).toBe(true);
  });

  it("is not called newer by another page that shows another team", async () => {
    const here = life(1_000);
    await keeperSaves(here.live);
    const there = life(2_000);
    const other = keeper(there.live);
    there.live.snapshot(dashboard({ activeJobs: [runRow("b")] }), false, "lending");
    await other.save();
    here.setNow(9_000);
    heartbeat(here.live);
    await vi.advanceTimersByTimeAsync(OFFLINE_LIMITS.boardSaveMs);
    expect(await store.get("boardConfirmed")).toEqual({ of: 1_000, at: 9_000 });
    const next = life(60_000);
    await restore({ store, ...next });
    expect(next.live.get()).toMatchObject({ team: "lending", receivedAt: 2_000 });
  });

  it("is nothing of another schema, or another person", async () => {
    const { live } = life();
    await keeperSaves(live);
    const other = life();
    const kept = await store.get("board");
    if (kept === undefined) throw new Error("nothing was kept");
    await store.set("board", { ...kept, schema: DEVICE_SCHEMA + 1 });
    await restore({ store, ...other });
    expect(other.live.get().board).toBeNull();

    await store.set("board", { ...kept, userId: "u2" });
    await restore({ store, ...other });
    expect(other.live.get().board).toBeNull();

    await store.set("board", kept);
    await store.set("owner", { userId: "u1", confirmed: false });
    expect(await restore({ store, ...other })).toBeNull();
    expect(other.live.get().board).toBeNull();
  });

  it("never takes the place of what has arrived meanwhile", async () => {
    await keeperSaves(life().live);
    const late = life(90_000);
    late.live.snapshot(dashboard({ activeJobs: [runRow("new")] }), false);
    late.queries.setQueryData(["me"], { ...ME, name: "Newer" });
    await restore({ store, ...late });
    expect([...(late.live.get().board?.rows.keys() ?? [])]).toEqual(["run:new"]);
    expect(late.queries.getQueryData<MeView>(["me"])?.name).toBe("Newer");
  });

  function heartbeat(live: LiveStore): void {
    live.push([
      {
        id: "e1:10",
        item: {
          type: "heartbeat",
          at: "2026-11-11T02:14:16.000Z",
          performanceMetrics: dashboard().performanceMetrics,
          systemHealth: dashboard().systemHealth,
        },
      },
    ]);
  }
  async function keeperSaves(live: LiveStore): Promise<void> {
    const made = keeper(live);
    live.snapshot(dashboard({ activeJobs: [runRow("a")] }), false);
    await made.save();
  }
});

describe("what is kept of the server's answers", () => {
  it("goes from the screen, and with its page, when another signs in where nobody was", async () => {
    const store = memoryStore();
    keepIn(store);
    await store.set("owner", { userId: "u0", confirmed: false });
    await store.set("cards", [
      { incidentId: "i-1", version: 1, title: "", body: "", card: null, receivedAt: "" },
    ]);
    await store.set("commands", [command("c1", { userId: "u0" })]);
    const cards = renderHook(() => useStoredIncidents().size).result;
    const commands = renderHook(() => useAllCommands().length).result;
    await expect.poll(() => [cards.current, commands.current]).toEqual([1, 1]);
    const queries = new QueryClient();
    const told: string[] = [];
    const stop = keepQueries({
      store,
      queries,
      userId: null,
      onNewOwner: async (was) => {
        await expect.poll(() => [cards.current, commands.current]).toEqual([0, 0]);
        told.push(`was ${was}`);
      },
      onOtherPerson: () => told.push("other"),
      onConfirmed: () => told.push("confirmed"),
    });
    await queries.fetchQuery({ queryKey: ["me"], queryFn: async () => ME });
    await expect.poll(() => told).toEqual(["was other", "other"]);
    stop();
  });

  it("is who is signed in, and the incidents last looked at", async () => {
    const store = memoryStore();
    const queries = new QueryClient();
    const confirmed: string[] = [];
    const stop = keepQueries({
      store,
      queries,
      userId: null,
      onNewOwner: async (was) => void confirmed.push(`was ${was}`),
      onOtherPerson: () => confirmed.push("other"),
      onConfirmed: () => confirmed.push("confirmed"),
    });
    await queries.fetchQuery({ queryKey: ["me"], queryFn: async () => ME });
    await expect.poll(() => confirmed).toEqual(["was nobody", "confirmed"]);
    for (let index = 0; index < OFFLINE_LIMITS.incidentViews + 2; index += 1) {
      const incidentId = `i-${index}`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await queries.fetchQuery({
        queryKey: ["incident", incidentId],
        queryFn: async () => view(incidentId),
      });
    }
    // What this page puts in itself is no answer of the server.
    queries.setQueryData(["incident", "i-own"], view("i-own"));
    const ids = async (): Promise<readonly string[]> =>
      ((await store.get("incidents")) ?? []).map((kept) => kept.view.incidentId);
    await expect.poll(async () => (await ids())[0]).toBe(`i-${OFFLINE_LIMITS.incidentViews + 1}`);
    expect(await ids()).toHaveLength(OFFLINE_LIMITS.incidentViews);

    const next = new QueryClient();
    await restore({ store, queries: next, live: new LiveStore(Date.now) });
    expect(next.getQueryData(["incident", "i-5"])).toEqual(view("i-5"));

    await queries.fetchQuery({ queryKey: ["me"], queryFn: async () => ({ ...ME, userId: "u2" }) });
    await expect.poll(() => confirmed).toEqual(["was nobody", "confirmed", "was other", "other"]);
    expect(await store.get("incidents")).toBeUndefined();
    stop();
  });
});
