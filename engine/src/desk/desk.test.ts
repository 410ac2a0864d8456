import { expect, it } from "vitest";
import { levelOf, T0 } from "../incidents/test-incidents.ts";
import { DeskWorld } from "./test-desk.ts";

it("a failed run is one commit away from its page", async () => {
  const world = new DeskWorld();
  await world.desk.load();
  world.stores.calls.clear();
  await world.report(levelOf("a", T0, { message: "Settlement file missing" }));
  expect(Object.fromEntries(world.stores.calls)).toEqual({ "incidents.commit": 1 });
  expect(world.errors).toEqual([]);
  expect(world.sent.map(({ receiver, card }) => [receiver, card.title, card.body])).toEqual([
    ["ann", "FAILED Job a", "02:00 UTC Settlement file missing."],
  ]);
});
