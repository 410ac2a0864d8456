import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "../ports/random.ts";
import { commandOf, levelOf, MINUTE, T0, worldOf } from "../incidents/test-incidents.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";
import { clearedOf, DeskWorld } from "./test-desk.ts";

const FAILED = levelOf("a", T0);

/** What must hold of a store, whoever wrote it and whatever died. */
async function checkStore(stores: MemoryIncidentStores): Promise<void> {
  const incidents = [...stores.tables.incidents.values()];
  const open = incidents.filter(({ state }) => state !== "RESOLVED");
  expect(new Set(open.map(({ groupKey }) => groupKey)).size).toBe(open.length);
  const firing = open.flatMap(({ members }) => members.filter((member) => member.firing));
  expect(new Set(firing.map(({ alertId }) => alertId)).size).toBe(firing.length);
  expect(await stores.alerts.unhandled(10)).toEqual([]);
  expect(await stores.alerts.unexplained(10)).toEqual([]);
  for (const { alertId } of firing) {
    expect(stores.tables.alerts.get(alertId)?.firing).toBe(true);
  }
  // Each step pages one person once: never two pages of one version for one device.
  const pages = [...stores.outboxRows.rows.values()].filter(({ kind }) => kind === "page");
  const steps = pages.map(
    ({ incidentId, card, targetId }) => `${incidentId}/${card.version}/${targetId}`,
  );
  expect(new Set(steps).size).toBe(steps.length);
}

describe("two desks on one store", () => {
  it("[INC-18] the same alert makes one incident and one page", async () => {
    const stores = new MemoryIncidentStores();
    const desks = ["one", "two"].map((owner) => new DeskWorld(stores, worldOf(), owner));
    for (const { desk } of desks) await desk.load();
    const alerts = stores.report([FAILED]);
    for (const { desk } of desks) desk.take(alerts);
    for (const { desk } of desks) await desk.idle();
    expect([stores.tables.incidents.size, stores.outboxRows.rows.size]).toEqual([1, 1]);
    expect(desks.flatMap(({ sent }) => sent).length).toBe(1);
    await checkStore(stores);
  });

  it("[INC-8] [INC-18] both look at the clock, and one page goes out", async () => {
    const stores = new MemoryIncidentStores();
    const desks = ["one", "two"].map((owner) => new DeskWorld(stores, worldOf(), owner));
    await desks[0]?.report(FAILED);
    for (const { desk } of desks) await desk.load();
    for (const world of desks) world.now += MINUTE;
    await Promise.all(desks.map(({ desk }) => desk.tick()));
    expect(desks.flatMap(({ sent }) => sent).length).toBe(2);
    expect(stores.outboxRows.rows.size).toBe(2);
    await checkStore(stores);
  });

  it("[INC-18] an alert that one settles while the other takes it in ends for both", async () => {
    const stores = new MemoryIncidentStores();
    const [one, two] = ["one", "two"].map((owner) => new DeskWorld(stores, worldOf(), owner));
    if (one === undefined || two === undefined) throw new Error("There are two desks.");
    await one.desk.load();
    const first = stores.report([FAILED]);
    stores.report([clearedOf(FAILED, T0 + 1)]);
    await two.desk.reconcile();
    one.desk.take(first);
    await one.desk.idle();
    expect(one.openIncidents.length).toBe(1);
    await one.desk.reconcile();
    expect(one.openIncidents).toEqual([]);
  });

  it("[INC-16] [INC-18] two people at two desks: one has it, the other learns who", async () => {
    const stores = new MemoryIncidentStores();
    const desks = ["one", "two"].map((owner) => new DeskWorld(stores, worldOf(), owner));
    await desks[0]?.report(FAILED);
    for (const { desk } of desks) await desk.load();
    const [open] = desks[0]?.openIncidents ?? [];
    if (open === undefined) throw new Error("No incident was made.");
    const answers = await Promise.all(
      desks.map(({ desk }, index) =>
        desk.command(commandOf(open, index === 0 ? "ann" : "ben", { type: "acknowledge" })),
      ),
    );
    expect(answers.map((answer) => answer?.outcome).toSorted()).toEqual(["done", "someone-has-it"]);
    expect(new Set(answers.map((answer) => answer?.acknowledgedBy?.name)).size).toBe(1);
  });
});

describe("the store fails at any call, before or after it did what it was told", () => {
  it("[INC-16] a command is refused, nothing changed, and its repeat is carried out once", async () => {
    for (const when of ["before", "after"] as const) {
      const world = new DeskWorld();
      await world.report(FAILED);
      const [open] = world.openIncidents;
      if (open === undefined) throw new Error("No incident was made.");
      const command = commandOf(open, "ann", { type: "acknowledge" });
      world.stores.fault = (call) => (call === "incidents.commit" ? when : null);
      await expect(world.desk.command(command)).rejects.toMatchObject({ code: "store_away" });
      world.stores.fault = () => null;
      const answer = await world.desk.command(command);
      expect(answer).toMatchObject({ outcome: "done", version: 2 });
      expect(world.openIncidents[0]?.version).toBe(2);
    }
  });

  it("[INC-18] a page whose commit lost its answer is sent once, at once when the store is back", async () => {
    const world = new DeskWorld();
    await world.desk.load();
    world.stores.fault = (call) => (call === "incidents.commit" ? "after" : null);
    await world.report(FAILED);
    expect([world.sent, world.pages.length, world.errors.length]).toEqual([[], 1, 1]);
    world.stores.fault = () => null;
    await world.desk.tick();
    expect(world.sent).toEqual(world.pages);
    expect(world.rows).toMatchObject([{ kind: "incident", state: "OPEN", version: 1 }]);
    await world.desk.reconcile();
    expect([world.incidents.length, world.sent.length]).toEqual([1, 1]);
    await checkStore(world.stores);
  });

  it("[INC-21] what a commit cancelled whose answer was lost is not sent once the store is back", async () => {
    const world = new DeskWorld();
    await world.desk.load();
    await world.report(FAILED);
    const [open] = world.openIncidents;
    if (open === undefined) throw new Error("No incident was made.");
    for (const when of ["before", "after"] as const) {
      world.stores.fault = (call) => (call === "incidents.commit" ? when : null);
      const command = commandOf(open, "ann", { type: "acknowledge" });
      await expect(world.desk.command(command)).rejects.toMatchObject({ code: "store_away" });
      world.stores.fault = () => null;
      await world.desk.tick();
      await world.desk.reconcile();
      const { incidentId } = open;
      expect(world.cancelled).toEqual(when === "after" ? [{ incidentId, userId: null }] : []);
    }
  });

  it("[INC-18] what the store refuses for its content stops nothing else", async () => {
    const world = new DeskWorld();
    await world.desk.load();
    const commit = world.stores.incidents.commit.bind(world.stores.incidents);
    world.desk.take(world.stores.report([levelOf("poison", T0, { sourceId: "x" }), FAILED]));
    const { tables } = world.stores;
    Object.assign(world.stores.incidents, {
      commit: (changes: Parameters<typeof commit>[0]) =>
        changes.some(({ incident }) => incident.members[0]?.card.jobId === "poison")
          ? Promise.reject(Object.assign(new Error("It cannot be kept."), { code: "refused" }))
          : commit(changes),
    });
    await world.desk.idle();
    expect([...tables.incidents.values()].map(({ groupKey }) => groupKey)).toEqual([
      "job:a/2026-11-24",
    ]);
    expect(world.errors.length).toBe(1);
    await world.desk.reconcile();
    expect([world.incidents.length, world.desk.waiting]).toEqual([1, 0]);
  });

  type Act =
    | { readonly type: "fire" | "clear"; readonly job: string; readonly source: string }
    | { readonly type: "acknowledge" | "resolve"; readonly which: number }
    | { readonly type: "pass"; readonly minutes: number };
  const job = fc.constantFrom("a", "b", "c", "d");
  const source = fc.constantFrom("s", "t");
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.record({
      type: fc.constantFrom("fire" as const, "fire" as const, "clear" as const),
      job,
      source,
    }),
    fc.record({
      type: fc.constantFrom("acknowledge" as const, "resolve" as const),
      which: fc.nat(5),
    }),
    fc.record({ type: fc.constant("pass" as const), minutes: fc.integer({ min: 0, max: 90 }) }),
  );

  it("[INC-3] [INC-5] [INC-18] whatever fails when, in the end each alert has its one place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), fc.nat(), async (acts, seed) => {
        const stores = new MemoryIncidentStores();
        stores.tables.upstream.set("b", ["a"]);
        const random = randomOf(seed);
        const desks = ["one", "two"].map((owner) => new DeskWorld(stores, worldOf(), owner));
        const levels = new Map<string, ReturnType<typeof levelOf>>();
        stores.fault = () => {
          const drawn = random();
          return drawn < 0.1 ? "before" : drawn < 0.2 ? "after" : null;
        };
        for (const one of acts) {
          const world = desks[random() < 0.5 ? 0 : 1];
          if (world === undefined) throw new Error("There are two desks.");
          await perform(one, world, desks, levels);
        }
        stores.fault = () => null;
        for (let round = 0; round < 2; round++) {
          for (const { desk } of desks) await desk.reconcile();
        }
        await checkStore(stores);
      }),
      { numRuns: 100 },
    );
  });

  async function perform(
    one: Act,
    world: DeskWorld,
    desks: readonly DeskWorld[],
    levels: Map<string, ReturnType<typeof levelOf>>,
  ): Promise<void> {
    switch (one.type) {
      case "fire": {
        const level = levelOf(one.job, world.now, { sourceId: one.source });
        levels.set(one.job, level);
        return world.report(level);
      }
      case "clear": {
        const level = levels.get(one.job);
        return level === undefined ? undefined : world.report(clearedOf(level, world.now));
      }
      case "pass":
        for (const desk of desks) await desk.pass(one.minutes);
        return undefined;
      default: {
        const open = world.openIncidents[one.which];
        if (open === undefined) return undefined;
        const action =
          one.type === "resolve" ? { type: one.type, reason: "Known" } : { type: one.type };
        await world.desk.command(commandOf(open, "ann", action)).catch(() => null);
        return undefined;
      }
    }
  }
});
