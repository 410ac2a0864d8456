import type { Alert, AlertLevel, RunSave, Unit } from "@batchwatch/engine";
import { array, assert, asyncProperty, constantFrom, nat, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { ended, holds, idOf } from "./test-incidents.ts";
import {
  type ConformingStores,
  openMemoryStores,
  openSqliteStores,
  putRun,
  unit,
} from "./test-store.ts";
import type { JoinSummaries } from "./unit-store.ts";

/** Every store that units are saved in joins their levels alike. */
describe.each([
  ["SQLite", openSqliteStores],
  ["the simulation's memory", openMemoryStores],
] as const)("alerts of units in %s", (_name, open) => {
  async function opened(join?: JoinSummaries): Promise<{
    readonly stores: ConformingStores;
    save(...units: Unit[]): Promise<readonly Alert[]>;
  }> {
    const stores = await open(join);
    const { term } = await stores.partitions.claim([3]);
    return {
      stores,
      save: async (...units) => (await stores.units.save({ term, units, mark: null })).alerts ?? [],
    };
  }

  test("a unit's levels are joined in its transaction; the same unit again changes nothing [UNIT-2]", async () => {
    const { stores, save } = await opened();
    const first = said([failed("e1")], holds("e1", 50));
    const [alert] = await save(first);
    expect(alert).toMatchObject({ alertId: idOf("e1"), firing: true, since: 50, version: 1 });
    expect(await save(first)).toEqual([]);
    expect(await stores.alert(idOf("e1"))).toEqual(alert);
    const over = said(
      [failed("e1")],
      ended("e1", 60, "retracted"),
      ended("e1", 60, "cleared", "stalled"),
    );
    expect(await save(over)).toMatchObject([{ firing: false, ending: "retracted", endedAt: 60 }]);
    expect(await save(over)).toEqual([]);
  });

  test("a piece that is refused leaves no alert, and a stale owner says nothing [UNIT-5, I3]", async () => {
    const { stores, save } = await opened();
    const good = said([failed("e1")], holds("e1", 50));
    const orphan = unit({ job: null, runs: [putRun("e9", { jobId: "nobody" })] });
    await expect(save(good, orphan)).rejects.toMatchObject({ code: "refused" });
    const { term } = await stores.partitions.claim([3]);
    const stale = await stores.units.save({ term: term - 1, units: [good], mark: null });
    expect(stale).toEqual({ lostPartitions: [3], amended: [] });
    expect(await stores.alert(idOf("e1"))).toBeNull();
  });

  test("a success ends what fires of earlier attempts of its instance, whatever memory remembers", async () => {
    const { stores, save } = await opened();
    await save(
      said(
        [failed("e1"), failed("e3", { orderedAt: 95 }), failed("e4", { instanceKey: "i2" })],
        holds("e1", 50),
        holds("e1", 40, {}, "stalled"),
        holds("e3", 99, { attempt: 3 }),
        holds("e4", 50, { instanceKey: "i2" }),
      ),
    );
    const cleared = await save(unit({ runs: [succeeded("e2")] }));
    expect(cleared.map(({ alertId }) => alertId).sort()).toEqual(
      [idOf("e1"), idOf("e1", "stalled")].sort(),
    );
    for (const alert of cleared) {
      expect(alert).toMatchObject({ firing: false, endedAt: 90, ending: "cleared", version: 2 });
    }
    expect(await stores.alert(idOf("e3"))).toMatchObject({ firing: true });
    expect(await stores.alert(idOf("e4"))).toMatchObject({ firing: true });
    expect(await save(unit({ runs: [succeeded("e2")] }))).toEqual([]);
  });

  test("of attempts that began at one time the id decides; a success never ends its own alert", async () => {
    const { stores, save } = await opened();
    const same = { orderedAt: 60 };
    const runs = ["e1", "e2", "e3"].map((id) => failed(id, same));
    await save(said(runs, holds("e1", 50), holds("e2", 50), holds("e3", 50)));
    const changed = await save(unit({ runs: [succeeded("e2", same)] }));
    expect(changed.map((alert) => alert.subject)).toEqual(["e1"]);
    expect(await stores.alert(idOf("e3"))).toMatchObject({ firing: true });
  });

  test("an expected start that nobody took goes before every attempt of its instance", async () => {
    const { save } = await opened();
    const missed = holds("start 1", 50, { executionId: null, runKey: null }, "missed");
    await save(said([], missed));
    expect(await save(unit({ runs: [succeeded("e2", { instanceKey: "i2" })] }))).toEqual([]);
    expect(await save(unit({ runs: [succeeded("e3")] }))).toMatchObject([
      { subject: "start 1", firing: false, ending: "cleared" },
    ]);
  });

  test("what fails and is made good in one piece is said once, as it ended", async () => {
    const { stores, save } = await opened();
    const changed = await save(said([failed("e1")], holds("e1", 50)), said([succeeded("e2")]));
    expect(changed).toMatchObject([{ subject: "e1", firing: false, openings: 1, version: 2 }]);
    expect(changed).toEqual([await stores.alert(idOf("e1"))]);
  });

  test("an amended run clears as well, by what is stored of it then", async () => {
    const { save } = await opened((_stored, incoming) => ({
      columns: succeeded("e2").columns,
      summary: incoming,
    }));
    await save(said([failed("e1"), putRun("e2", { orderedAt: 60, attempt: 2 })], holds("e1", 50)));
    const part: RunSave = { ...putRun("e2", { orderedAt: 60 }), mode: "amend" };
    expect(await save(unit({ runs: [part] }))).toMatchObject([{ subject: "e1", firing: false }]);
  });

  test("however runs and levels come, no attempt fires that a later success was saved after", async () => {
    const step = record({ run: nat(3), ends: constantFrom("failed", "succeeded") });
    await assert(
      asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
        const { stores, save } = await opened();
        const fires = new Set<string>();
        const ranks = new Map<string, number>();
        for (const { run, ends } of steps) {
          const id = `e${run}`;
          const state = { orderedAt: run * 10, attempt: run + 1 };
          ranks.set(id, run);
          if (ends === "failed") {
            await save(said([failed(id, state)], holds(id, 50, { attempt: run + 1 })));
            fires.add(id);
          } else {
            await save(unit({ runs: [succeeded(id, state)] }));
            for (const other of fires) if ((ranks.get(other) ?? 0) < run) fires.delete(other);
          }
        }
        const stored = await Promise.all([0, 1, 2, 3].map((run) => stores.alert(idOf(`e${run}`))));
        const firing = stored.flatMap((alert) => (alert?.firing === true ? [alert.subject] : []));
        expect(firing).toEqual([...fires].sort());
      }),
      { numRuns: 20 },
    );
  });
});

function failed(executionId: string, given: Parameters<typeof putRun>[1] = {}): RunSave {
  return putRun(executionId, { state: "failed", endedAt: 50, orderedAt: 10, ...given });
}

function succeeded(executionId: string, given: Parameters<typeof putRun>[1] = {}): RunSave {
  return putRun(executionId, {
    state: "succeeded",
    endedAt: 90,
    orderedAt: 60,
    attempt: 2,
    ...given,
  });
}

function said(runs: readonly RunSave[], ...alerts: AlertLevel[]): Unit {
  return unit({ runs, alerts });
}
