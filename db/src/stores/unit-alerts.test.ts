import type { Alert, AlertLevel, RunSave, Stores, Unit } from "@batchwatch/engine";
import { array, assert, asyncProperty, constantFrom, nat, record } from "fast-check";
import { expect, test } from "vitest";
import { ended, holds, idOf } from "./test-incidents.ts";
import { jobSave, openTestStores, putRun, unit } from "./test-store.ts";

const lead = { userId: "u1", name: "Shift lead" } as const;

async function opened(): Promise<{
  readonly stores: Stores;
  save(...units: Unit[]): Promise<readonly Alert[]>;
}> {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  return {
    stores,
    save: async (...units) => (await stores.units.save({ term, units, mark: null })).alerts ?? [],
  };
}

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

test("a unit's levels are joined in its transaction; the same unit again changes nothing [UNIT-2]", async () => {
  const { stores, save } = await opened();
  const first = said([failed("e1")], holds("e1", 50));
  const [alert] = await save(first);
  expect(alert).toMatchObject({ alertId: idOf("e1"), firing: true, since: 50, version: 1 });
  expect(await save(first)).toEqual([]);
  expect(await stores.alerts.unhandled(9)).toEqual([alert]);
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
  expect(await stores.alerts.unhandled(9)).toEqual([]);
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
  expect(await stores.alerts.get(idOf("e3"))).toMatchObject({ firing: true });
  expect(await stores.alerts.get(idOf("e4"))).toMatchObject({ firing: true });
  expect(await save(unit({ runs: [succeeded("e2")] }))).toEqual([]);
});

test("of attempts that began at one time the id decides; a success never ends its own alert", async () => {
  const { stores, save } = await opened();
  const same = { orderedAt: 60 };
  const runs = ["e1", "e2", "e3"].map((id) => failed(id, same));
  await save(said(runs, holds("e1", 50), holds("e2", 50), holds("e3", 50)));
  const changed = await save(unit({ runs: [succeeded("e2", same)] }));
  expect(changed.map((alert) => alert.subject)).toEqual(["e1"]);
  expect(await stores.alerts.get(idOf("e3"))).toMatchObject({ firing: true });
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
  expect(await stores.alerts.unhandled(9)).toEqual(changed);
});

test("an amended run clears as well, by what is stored of it then", async () => {
  const stores = await openTestStores(undefined, (_stored, incoming) => ({
    columns: succeeded("e2").columns,
    summary: incoming,
  }));
  const { term } = await stores.partitions.claim([3]);
  const save = (one: Unit) => stores.units.save({ term, units: [one], mark: null });
  await save(said([failed("e1"), putRun("e2", { orderedAt: 60, attempt: 2 })], holds("e1", 50)));
  const part: RunSave = { ...putRun("e2", { orderedAt: 60 }), mode: "amend" };
  expect((await save(unit({ runs: [part] }))).alerts).toMatchObject([
    { subject: "e1", firing: false },
  ]);
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
      const stored = await Promise.all(
        [0, 1, 2, 3].map((run) => stores.alerts.get(idOf(`e${run}`))),
      );
      const firing = stored.flatMap((alert) => (alert?.firing === true ? [alert.subject] : []));
      expect(firing).toEqual([...fires].sort());
    }),
    { numRuns: 20 },
  );
});

test("a job that is retired or no longer monitored has no alert: those that fire end with it, late ones never begin", async () => {
  const { stores, save } = await opened();
  const { settings, alerts } = stores;
  const firing = said([failed("e1"), failed("e2")], holds("e1", 50), holds("e2", 50));
  await save(
    firing,
    unit({
      job: jobSave({ jobId: "j2" }),
      runs: [failed("f1", { jobId: "j2" })],
      alerts: [holds("f1", 50, { jobId: "j2" })],
    }),
  );
  await settings.retire("j1", 200, lead, 100);
  expect(await alerts.get(idOf("e1"))).toMatchObject({ firing: true });
  await settings.retireDue(200);
  for (const id of ["e1", "e2"]) {
    const over = { firing: false, ending: "retired", endedAt: 200, version: 2, openings: 1 };
    expect(await alerts.get(idOf(id))).toMatchObject(over);
  }
  expect(await alerts.get(idOf("f1"))).toMatchObject({ firing: true });
  expect(await alerts.unhandled(9)).toHaveLength(3);
  expect(await save(firing)).toEqual([]);
  await settings.retire("j1", null, lead, 300);
  expect(await save(firing)).toMatchObject([{ openings: 2 }, { openings: 2 }]);
  await settings.configure("j1", { monitored: false }, lead, 400);
  expect(await alerts.get(idOf("e1"))).toMatchObject({
    firing: false,
    ending: "retired",
    endedAt: 400,
  });
  expect(await save(firing)).toEqual([]);
  await settings.retire("j2", 450, lead, 450);
  expect(await alerts.get(idOf("f1"))).toMatchObject({ ending: "retired", endedAt: 450 });
});

test("among very many that fire a unit changes only its own, and all of them end when the job is retired", async () => {
  const { stores, save } = await opened();
  const many = Array.from({ length: 1_200 }, (_, n) => `e${n}`);
  await save(
    said(
      many.map((id) => failed(id, { instanceKey: id })),
      ...many.map((id) => holds(id, 50, { instanceKey: id })),
    ),
  );
  const changed = await save(
    said([succeeded("f1", { instanceKey: "e7" })], ended("e9", 60, "retracted")),
  );
  expect(changed.map((alert) => `${alert.subject} ${alert.ending}`)).toEqual([
    "e9 retracted",
    "e7 cleared",
  ]);
  await stores.settings.retire("j1", 100, lead, 100);
  expect(await stores.alerts.unexplained(1)).toEqual([]);
});
