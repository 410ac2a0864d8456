import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OFFLINE_LIMITS } from "./limits.ts";
import { memoryStore } from "./memory-store.ts";
import type { Call, CallResult } from "./post-call.ts";
import {
  begun,
  nextDue,
  nextDueAt,
  settled,
  type StoredCommand,
  whenSignedIn,
  whileSignedOut,
  withCommand,
  withoutOld,
} from "./queue.ts";
import { sendDue } from "./sender.ts";
import { answerTo, command } from "./test-commands.ts";

const NOW = Date.parse("2026-11-11T03:00:00Z");

describe("the command queue", () => {
  it("sends one command of an incident at a time, in order, and others beside it", () => {
    const a1 = command("a1", { incidentId: "a", state: "waiting", notBefore: NOW + 5_000 });
    const queue = [a1, command("a2", { incidentId: "a" }), command("b1", { incidentId: "b" })];
    expect(nextDue(queue, "u1", NOW, false)?.commandId).toBe("b1");
    expect(nextDue(queue, "u1", NOW, true)?.commandId).toBe("a1");
    expect(nextDueAt(queue.slice(0, 2), "u1")).toBe(NOW + 5_000);
  });

  it("sends nothing in another person's name", () => {
    const queue = [command("a1", { userId: "u1" })];
    expect(nextDue(queue, "u2", NOW, true)).toBeNull();
    expect(nextDueAt(queue, "u2")).toBeNull();
  });

  it("waits longer after each failure, at most a minute, and as long as the server asks", () => {
    let queue: readonly StoredCommand[] = [command("a1")];
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      queue = begun(queue, "a1", NOW);
      queue = settled(queue, "a1", { kind: "later", retryAfterMs: null }, NOW, 1);
      waits.push((queue[0]?.notBefore ?? 0) - NOW);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    queue = settled(queue, "a1", { kind: "later", retryAfterMs: 3_600_000 }, NOW, 0);
    expect(queue[0]?.notBefore).toBe(NOW + OFFLINE_LIMITS.retryCapMs);
  });

  it("does not hammer a server, whatever wakes it, and survives a clock that is set back", () => {
    const tried = command("a1", { triedAt: NOW - 200, notBefore: NOW + 5_000 });
    expect(nextDue([tried], "u1", NOW, true)).toBeNull();
    expect(nextDue([tried], "u1", NOW + 1_000, true)).not.toBeNull();
    const future = command("a1", { triedAt: NOW, notBefore: NOW + 7_200_000 });
    expect(nextDue([future], "u1", NOW, false)).not.toBeNull();
  });

  it("keeps the first answer", () => {
    const refused = settled(
      [command("a1")],
      "a1",
      { kind: "refused", code: "not_found", message: "No such incident." },
      NOW,
      0,
    );
    const after = settled(refused, "a1", { kind: "later", retryAfterMs: null }, NOW + 1, 0);
    expect(after).toEqual(refused);
    expect(after[0]).toMatchObject({ state: "refused", answeredAt: "2026-11-11T03:00:00.000Z" });
  });

  it("says that it waits for its owner to sign in, and is due when they have", () => {
    const queue = whileSignedOut([command("a1", { state: "sending", notBefore: NOW + 9_000 })]);
    expect(queue[0]).toMatchObject({ state: "waiting", refusal: { code: "UNAUTHORIZED" } });
    expect(whenSignedIn(queue)[0]).toMatchObject({ notBefore: 0, refusal: null });
  });

  it("drops ended commands after a day, and the oldest ended ones to make room", () => {
    const ended = command("old", { state: "answered", answeredAt: "2026-11-10T02:59:59Z" });
    const recent = command("new", { state: "refused", answeredAt: "2026-11-10T03:00:01Z" });
    expect(withoutOld([ended, recent], NOW).map(({ commandId }) => commandId)).toEqual(["new"]);
    const waiting = Array.from({ length: OFFLINE_LIMITS.commands - 1 }, (_, index) =>
      command(`w${index}`),
    );
    const roomMade = withCommand([recent, ...waiting], command("one-more"));
    expect(roomMade?.map(({ commandId }) => commandId).slice(0, 1)).toEqual(["w0"]);
    expect(roomMade).toHaveLength(OFFLINE_LIMITS.commands);
    expect(withCommand([...waiting, command("last")], command("too-many"))).toBeNull();
    expect(withCommand(waiting, command("w3"))).toBe(waiting);
  });
});

class Crash extends Error {}

/** What a server that knows ids does: the first time it takes effect, a repeat is answered alike. */
class Server {
  readonly effects: string[] = [];
  readonly seen = new Set<string>();

  take(commandId: string): void {
    this.seen.add(commandId);
    if (!this.effects.includes(commandId)) this.effects.push(commandId);
  }
}

type Fate = "answered" | "lost-before" | "lost-after" | "crash-before" | "crash-after" | "refused";

/** A network on which the n-th call has the n-th fate; later ones arrive. */
function network(server: Server, fates: Fate[]): Call {
  return async (_path, input): Promise<CallResult> => {
    const { commandId } = input as { commandId: string };
    const fate = fates.shift() ?? "answered";
    if (fate === "crash-before") throw new Crash();
    if (fate === "lost-before") return { kind: "later", retryAfterMs: null };
    server.take(commandId);
    if (fate === "crash-after") throw new Crash();
    if (fate === "lost-after") return { kind: "later", retryAfterMs: null };
    if (fate === "refused") return { kind: "refused", code: "not_found", message: "" };
    return { kind: "answered", data: answerTo(commandId) };
  };
}

const FATES = ["answered", "lost-before", "lost-after", "crash-before", "crash-after", "refused"];
const commandsOf = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 8 });
const fatesOf = fc.array(fc.constantFrom(...(FATES as Fate[])), { maxLength: 20 });

/** The store, stopping at the n-th step of all. */
function crashing(store: ReturnType<typeof memoryStore>, steps: number): typeof store {
  let left = steps;
  const step = async (): Promise<void> => {
    await Promise.resolve();
    left -= 1;
    if (left < 0) throw new Crash();
  };
  return {
    ...store,
    get: async (key) => {
      await step();
      return store.get(key);
    },
    update: async (key, change) => {
      await step();
      return store.update(key, change);
    },
  };
}

/** Wakes the sender until everything has ended; each wake is a minute later and may die on the way. */
async function untilEnded(
  store: ReturnType<typeof memoryStore>,
  wake: (round: number) => Promise<unknown>,
): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one wake after the other
    await wake(round);
    // oxlint-disable-next-line no-await-in-loop
    const commands = (await store.get("commands")) ?? [];
    if (commands.every(({ state }) => state === "answered" || state === "refused")) return;
  }
  throw new Error("some command never ended");
}

async function filled(incidents: readonly string[]): Promise<ReturnType<typeof memoryStore>> {
  const store = memoryStore();
  await store.set("owner", { userId: "u1", confirmed: true });
  await store.set(
    "commands",
    incidents.map((incidentId, index) => command(`${incidentId}-${index}`, { incidentId })),
  );
  return store;
}

async function expectAllOnce(
  store: ReturnType<typeof memoryStore>,
  server: Server,
  incidents: readonly string[],
): Promise<void> {
  const made = incidents.map((incidentId, index) => `${incidentId}-${index}`);
  const kept = (await store.get("commands")) ?? [];
  expect(kept.map(({ commandId }) => commandId)).toEqual(made);
  // Under no id but its own, each of them, once.
  expect([...server.seen].sort()).toEqual([...made].sort());
  expect([...server.effects].sort()).toEqual([...made].sort());
  for (const incident of new Set(incidents)) {
    const order = server.effects.filter((commandId) => commandId.startsWith(`${incident}-`));
    expect(order).toEqual(made.filter((commandId) => commandId.startsWith(`${incident}-`)));
  }
}

describe("sending what is kept", () => {
  it("loses nothing and sends nothing under two ids, whatever dies between any two steps", async () => {
    const property = fc.asyncProperty(
      commandsOf,
      fatesOf,
      fc.array(fc.nat({ max: 12 }), { maxLength: 20 }),
      async (incidents, fates, crashes) => {
        const store = await filled(incidents);
        const server = new Server();
        const call = network(server, [...fates]);
        await untilEnded(store, (round) => {
          const steps = crashes[round] ?? 1_000;
          return sendDue(
            {
              store: crashing(store, steps),
              call,
              now: () => NOW + round * 60_000,
              random: () => 0.5,
              onChange: () => {},
            },
            false,
          ).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
        });
        await expectAllOnce(store, server, incidents);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it("keeps that with two senders at once, as where one holds the lock asleep", async () => {
    const property = fc.asyncProperty(
      commandsOf,
      fatesOf.map((fates) => fates.filter((fate) => !fate.startsWith("crash"))),
      fc.scheduler(),
      async (incidents, fates, scheduler) => {
        const store = await filled(incidents);
        const server = new Server();
        const call = scheduler.scheduleFunction(network(server, [...fates]));
        const sender = (round: number): Promise<void> =>
          sendDue(
            {
              store: {
                ...store,
                update: async (key, change) => {
                  await scheduler.schedule(Promise.resolve(), "step");
                  return store.update(key, change);
                },
              },
              call,
              now: () => NOW + round * 60_000,
              random: () => 0.5,
              onChange: () => {},
            },
            false,
          );
        await untilEnded(store, (round) =>
          scheduler.waitFor(Promise.all([sender(round), sender(round)])),
        );
        await expectAllOnce(store, server, incidents);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it("does not acknowledge hours later what has become of it since; a comment still goes", async () => {
    const store = await filled(["a", "b"]);
    const made = { madeAt: "2026-11-10T22:59:00.000Z" };
    const note = { type: "comment", text: "Late file" } as const;
    await store.set("commands", [
      command("ack", made),
      command("note", { ...made, action: note }),
      command("new", { incidentId: "b" }),
    ]);
    const paths: string[] = [];
    const call = async (path: string): Promise<CallResult> => {
      paths.push(path);
      return { kind: "answered", data: answerTo("any") };
    };
    await sendDue({ store, call, now: () => NOW, random: () => 0, onChange: () => {} }, true);
    expect(paths).toEqual(["incidents.comment", "incidents.acknowledge"]);
    const [late] = (await store.get("commands")) ?? [];
    expect(late).toMatchObject({ state: "refused", refusal: { code: "TOO_LATE" }, answer: null });
  });

  it("stops at the first sign that the server is away, and while nobody is signed in", async () => {
    const store = await filled(["a", "b"]);
    const calls: string[] = [];
    const parts = {
      store,
      call: async (path: string): Promise<CallResult> => {
        calls.push(path);
        return { kind: "later", retryAfterMs: null };
      },
      now: () => NOW,
      random: () => 0,
      onChange: () => {},
    };
    await sendDue(parts, false);
    expect(calls).toEqual(["incidents.acknowledge"]);
    await store.set("owner", { userId: "u1", confirmed: false });
    await sendDue(parts, true);
    expect(calls).toHaveLength(1);
  });

  it("passes over what a paired device may not do, and sends the rest", async () => {
    const store = await filled(["a", "b"]);
    await store.set("commands", [
      command("close", { action: { type: "resolve", reason: "Done." } }),
      command("ack", { incidentId: "b" }),
    ]);
    const call = async (path: string): Promise<CallResult> =>
      path === "incidents.resolve"
        ? { kind: "signed-out", isAll: false }
        : { kind: "answered", data: answerTo("ack") };
    await sendDue({ store, call, now: () => NOW, random: () => 0, onChange: () => {} }, true);
    expect(await store.get("commands")).toMatchObject([
      { commandId: "close", state: "waiting", refusal: { code: "PAGED_ONLY" } },
      { commandId: "ack", state: "answered" },
    ]);
  });

  it("passes over it within its incident, too, and lets no older claim undo a newer one later", async () => {
    const store = await filled(["a"]);
    await store.set("commands", [
      command("take", { action: { type: "take-over" } }),
      command("close", { action: { type: "resolve", reason: "Done." } }),
      command("ack"),
    ]);
    const call = async (path: string): Promise<CallResult> =>
      path === "incidents.acknowledge"
        ? { kind: "answered", data: answerTo("ack") }
        : { kind: "signed-out", isAll: false };
    await sendDue({ store, call, now: () => NOW, random: () => 0, onChange: () => {} }, true);
    expect(await store.get("commands")).toMatchObject([
      { commandId: "take", state: "refused", refusal: { code: "OVERTAKEN" } },
      { commandId: "close", state: "waiting", refusal: { code: "PAGED_ONLY" } },
      { commandId: "ack", state: "answered" },
    ]);
  });

  it("keeps their order while nobody at all is signed in", () => {
    const first = command("a1", { incidentId: "a", state: "sending" });
    const queue = [first, command("a2", { incidentId: "a" })];
    const after = settled(queue, "a1", { kind: "signed-out", isAll: true }, NOW, 0);
    expect(nextDue(after, "u1", NOW, false)).toBeNull();
  });

  it("does not send hours later what was being sent when its page died, and says that it may have arrived", async () => {
    const store = await filled(["a"]);
    const made = { madeAt: "2026-11-10T22:59:00.000Z", attempts: 1 };
    await store.set("commands", [command("died", { ...made, state: "sending" })]);
    const calls: string[] = [];
    const call = async (path: string): Promise<CallResult> => {
      calls.push(path);
      return { kind: "answered", data: answerTo("any") };
    };
    await sendDue({ store, call, now: () => NOW, random: () => 0, onChange: () => {} }, true);
    expect(calls).toEqual([]);
    expect(await store.get("commands")).toMatchObject([
      { state: "refused", refusal: { code: "PERHAPS_SENT" } },
    ]);
  });
});
