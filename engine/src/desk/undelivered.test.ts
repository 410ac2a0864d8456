import { expect, it } from "vitest";
import { levelOf, T0 } from "../incidents/test-incidents.ts";
import { randomOf } from "../ports/random.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";
import { Sender } from "./sender.ts";
import { DeskWorld } from "./test-desk.ts";

/** A desk with its sender: phones of these people refuse. */
async function night(refusing: readonly string[]) {
  const stores = new MemoryIncidentStores();
  const world = new DeskWorld(stores);
  const pages: string[] = [];
  const sender = new Sender({
    outbox: stores.outbox,
    notifier: {
      send: async ({ receiver }) => {
        pages.push(receiver);
        return refusing.includes(receiver) ? { type: "refused", error: "403" } : { type: "sent" };
      },
    },
    clock: { now: () => world.now },
    random: randomOf(1, "desk"),
    owner: "desk",
    onOutcome: () => {},
    onDead: (incidentIds) => world.desk.undelivered(incidentIds),
    onError: (error) => world.errors.push(error),
  });
  const send = async () => {
    while (world.sent.length > 0) {
      sender.send(world.sent.splice(0));
      for (let turns = 0; turns < 5; turns++) {
        await new Promise((resolve) => setImmediate(resolve));
        await sender.idle();
        await world.desk.idle();
      }
    }
  };
  await world.desk.load();
  await world.report(levelOf("a", T0));
  await send();
  return { world, pages, send };
}

it("[INC-8] [SEND-4] a page that was refused is the next person's in the same moment", async () => {
  const { world, pages } = await night(["ann", "ben"]);
  expect(pages).toEqual(["ann", "ben", "carla"]);
  expect([world.now, world.openIncidents[0]?.untold, world.errors]).toEqual([T0, null, []]);
});

it("[INC-9] where nobody can be reached, that is the reason that the store keeps", async () => {
  const { world, pages, send } = await night(["ann", "ben", "carla"]);
  expect(pages).toEqual(["ann", "ben", "carla"]);
  expect(world.openIncidents[0]?.untold).toBe("not-delivered");
  const alerts = [...world.stores.tables.alerts.values()];
  expect(alerts.map(({ reason }) => reason)).toEqual(["not-delivered"]);
  await world.pass(1);
  await send();
  expect(pages.length).toBe(4);
});

it("[INC-8] a commit that met another desk's is made anew", async () => {
  const stores = new MemoryIncidentStores();
  const world = new DeskWorld(stores);
  const other = new DeskWorld(stores, undefined, "other");
  await world.desk.load();
  await world.report(levelOf("a", T0));
  await other.desk.load();
  await other.report(levelOf("a", T0, { message: "Said anew" }));
  const [page] = world.pages;
  if (page === undefined) throw new Error("Nobody was paged.");
  stores.outboxRows.rows.set(page.notificationId, { ...page, state: "DEAD" });
  world.desk.undelivered([page.incidentId ?? ""]);
  await world.desk.idle();
  expect(world.pages.map(({ receiver }) => receiver)).toEqual(["ann", "ben"]);
});
