import { describe, expect, it } from "vitest";
import { levelOf, MINUTE, pageable, T0, worldOf } from "../incidents/test-incidents.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";
import { DeskWorld } from "./test-desk.ts";

/** Eight jobs that failed five minutes apart while nobody heard of their source. */
const JOBS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const LEVELS = JOBS.map((job, index) => levelOf(job, T0 + index * 5 * MINUTE));
const BACK = T0 + 40 * MINUTE;

/** A desk whose source came back at 02:40, unless it never was away. */
async function night(isBack = true): Promise<DeskWorld> {
  const alerting = {
    ...worldOf(),
    policyOf: (teamId: string) => ({ people: [pageable(teamId)], webhooks: [] }),
    returnedAt: (sourceId: string) => (isBack && sourceId === "source" ? BACK : null),
  };
  const world = new DeskWorld(new MemoryIncidentStores(), alerting);
  world.now = BACK;
  await world.desk.load();
  return world;
}
const titles = ({ sent }: DeskWorld) => sent.map(({ kind, card }) => `${kind} ${card.title}`);

describe("what a source that came back tells [INC-7]", () => {
  it("is one incident and one page, whenever it failed", async () => {
    const world = await night();
    await world.report(...LEVELS);
    expect(titles(world)).toEqual(["page 8 JOBS, ONE CAUSE Source source"]);
    expect(world.openIncidents).toMatchObject([{ causeKind: "SHARED_SOURCE", memberCount: 8 }]);
  });

  it("also where it comes one by one, for ten minutes", async () => {
    const world = await night();
    for (const level of LEVELS.slice(0, 3)) await world.report(level);
    world.now = BACK + 10 * MINUTE - 1;
    await world.report(...LEVELS.slice(3, 7));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([7]);
    world.now += 1;
    await world.report(...LEVELS.slice(7));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([7, 1]);
  });

  it("leaves alone what was open before, and what another source tells", async () => {
    const world = await night();
    world.now = BACK - 1;
    await world.report(levelOf("before", T0));
    world.now = BACK;
    await world.report(LEVELS[0]!, levelOf("other", T0, { sourceId: "other" }));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([1, 1, 1]);
  });

  it("is a page each where the source was never silent", async () => {
    const world = await night(false);
    await world.report(...LEVELS);
    expect([world.openIncidents.length, world.pages.length]).toEqual([8, 8]);
  });

  it("is the team's whose job is the most severe, and what rises is told to it", async () => {
    const world = await night();
    await world.report(levelOf("low", T0, { tier: 3, teamId: "b" }));
    expect(world.pages).toEqual([]);
    await world.report(levelOf("high", T0 + 5 * MINUTE, { tier: 1, teamId: "a" }));
    expect(world.openIncidents).toMatchObject([{ teamId: "a", severity: "CRITICAL" }]);
    expect(world.pages.map(({ receiver }) => receiver)).toEqual(["a"]);
  });
});
