import type { Alert, AlertLevel, RunSave, Stores, Unit } from "@batchwatch/engine";
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
