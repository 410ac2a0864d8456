import { describe, expect, it } from "vitest";
import { MemoryOutbox } from "../desk/memory-outbox.ts";
import type { Notification } from "../model/notification.ts";
import type { IncidentChange } from "../ports/incident-stores.ts";
import type { Piece, SavedPiece } from "../ports/stores.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryStore } from "./memory-store.ts";
import { scenarioOf } from "./scenario.ts";
import { simulate, type Verdict } from "./simulate.ts";
import type { Parts } from "./world.ts";

/** `npm run simulate` runs whole days; here a few hours of some seeds, of more with BATCHWATCH_TEST_LONG=1. */
const SEEDS = process.env["BATCHWATCH_TEST_LONG"] === "1" ? 100 : 50;
const SEEDS_A_TEST = 5;
const HOURS = 5;
/** A broken part is caught by one of so many. */
const CATCHING_SEEDS = 50;

function run(seed: number, hours: number, parts: Parts = {}): Promise<Verdict> {
  return simulate(seed, scenarioOf(seed, hours), parts);
}

function report({ seed, violation, trace }: Verdict): string {
  return `seed ${seed} breaks ${violation?.message}\nnpm run simulate -- --seed ${seed} --hours ${HOURS}\n${trace.join("\n")}`;
}

describe("the engine under faults [I1, I2, I3, I4, I5, I6, I9, UNIT-1 to UNIT-9, ALERT-2]", () => {
  const firsts = Array.from({ length: SEEDS / SEEDS_A_TEST }, (_, n) => 1 + n * SEEDS_A_TEST);
  it.each(firsts)(
    `keeps every invariant in ${SEEDS_A_TEST} seeds from %i on`,
    async (first) => {
      for (let seed = first; seed < first + SEEDS_A_TEST; seed += 1) {
        const verdict = await run(seed, HOURS);
        expect(verdict.violation, report(verdict)).toBeNull();
        expect(verdict.facts).toBeGreaterThan(0);
      }
    },
    60_000,
  );

  it("repeats a seed step by step [I10]", async () => {
    const [one, two] = [await run(3, HOURS), await run(3, HOURS)];
    expect(two).toEqual(one);
    expect(one.steps).toBeGreaterThan(100);
  });
});

/** The first seed that a broken part is caught by. */
async function caughtBy(parts: Parts): Promise<Verdict | null> {
  for (let seed = 1; seed <= CATCHING_SEEDS; seed += 1) {
    const verdict = await run(seed, HOURS, parts);
    if (verdict.violation !== null) return verdict;
  }
  return null;
}

/** A desk whose steps are stored as something else. */
function changing(
  change: (one: IncidentChange) => IncidentChange,
): NonNullable<Parts["brokenDesk"]> {
  return (stores) => ({
    ...stores,
    incidents: new Proxy(stores.incidents, {
      get: (incidents, method) =>
        method === "commit"
          ? (changes: readonly IncidentChange[]) => incidents.commit(changes.map(change))
          : (Reflect.get(incidents, method) as unknown),
    }),
  });
}

class NoTermGuard extends MemoryStore {
  protected override owns(): boolean {
    return true;
  }
}

/** Its jobs say that they go further than they do. */
class BoastfulStore extends MemoryStore {
  override save(piece: Piece): SavedPiece {
    const units = piece.units.map((unit) => ({ ...unit, position: (unit.position ?? 0) + 3 }));
    return super.save({ ...piece, units });
  }
}

class ForgetfulLog extends MemoryLog {
  override crash(): void {
    this.dropLast();
  }
}

class HastyOutbox extends MemoryOutbox {
  override put(notification: Notification): void {
    super.put({ ...notification, state: "SENT", sentAt: notification.createdAt });
  }
}

describe("the simulation catches", () => {
  it("a store without the term guard", async () => {
    const verdict = await caughtBy({ makeStore: (join) => new NoTermGuard(join) });
    expect(verdict?.violation?.invariant).toBe("I3");
    expect(verdict?.trace.length).toBeGreaterThan(0);
  }, 60_000);

  it("a store that overwrites an amended run instead of joining it", async () => {
    const verdict = await caughtBy({
      makeStore: (join) => new MemoryStore((_stored, incoming) => join(incoming, incoming)),
    });
    expect(verdict?.violation?.invariant).toBe("I1");
  }, 60_000);

  it("a store whose jobs say that they go further than they do", async () => {
    const verdict = await caughtBy({ makeStore: (join) => new BoastfulStore(join) });
    expect(verdict?.violation?.invariant).toBe("I1");
  }, 60_000);

  it("a journal that answers before it is durable", async () => {
    const verdict = await caughtBy({ makeLog: () => new ForgetfulLog() });
    expect(verdict?.violation?.invariant).toBe("I1");
  }, 60_000);

  it("a desk that sends before the store holds it", async () => {
    const verdict = await caughtBy({
      brokenDesk: (stores, sender) => ({
        ...stores,
        incidents: new Proxy(stores.incidents, {
          get: (incidents, method) => {
            if (method !== "commit") return Reflect.get(incidents, method) as unknown;
            return (changes: Parameters<typeof incidents.commit>[0]) => {
              sender.send(changes.flatMap(({ notifications }) => notifications));
              return incidents.commit(changes);
            };
          },
        }),
      }),
    });
    expect(verdict?.violation?.message).toContain("the store does not hold it");
    expect(verdict?.violation?.invariant).toBe("I4");
  }, 60_000);

  it("a desk that forgets that it owes a page", async () => {
    const verdict = await caughtBy({
      brokenDesk: changing(({ incident, ...rest }) => ({
        ...rest,
        incident:
          incident.version < 3
            ? incident
            : { ...incident, escalation: { ...incident.escalation, nextAt: null } },
      })),
    });
    expect(verdict?.violation?.message).toContain("no page is due");
  }, 60_000);

  it("a desk that lets somebody have what has become more severe than what they took", async () => {
    const verdict = await caughtBy({
      brokenDesk: changing((change) => {
        if (!change.events.some(({ kind }) => kind === "severity-changed")) return change;
        const acknowledgedBy = { userId: "first", name: "first" };
        return { ...change, incident: { ...change.incident, acknowledgedBy, acknowledgedAt: 1 } };
      }),
    });
    expect(verdict?.violation?.message).toContain("more severe than anything they took");
  }, 60_000);

  it("an outbox that marks before it has sent", async () => {
    const verdict = await caughtBy({ makeOutbox: (rows) => new HastyOutbox(rows) });
    expect(verdict?.violation?.message).toContain("arrived nowhere");
    expect(verdict?.violation?.invariant).toBe("I4");
  }, 60_000);

  it("a desk that never looks for what an earlier process left", async () => {
    const verdict = await caughtBy({ reconciles: false });
    expect(verdict?.violation?.message).toContain("nobody took in alert");
    expect(verdict?.violation?.invariant).toBe("I5");
  }, 60_000);
});
