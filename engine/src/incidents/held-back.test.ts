import { describe, expect, it } from "vitest";
import { clearedOf, DeskWorld } from "../desk/test-desk.ts";
import { MemoryIncidentStores } from "../desk/memory-incident-stores.ts";
import type { PagingMode } from "../model/job.ts";
import { heldBack } from "./held-back.ts";
import { Story } from "./test-story.ts";
import { alertOf, commandOf, HOOK, levelOf, T0, worldOf } from "./test-incidents.ts";

const WATCHED = worldOf({ pagingMode: "WATCHING", webhooks: [HOOK] });
const PAGING = worldOf({ webhooks: [HOOK] });
const FAILED = alertOf("a", T0);

describe("what was kept quiet", () => {
  it("[INC-20] is told once as soon as its source pages, and says why not before and why then", () => {
    const story = new Story(WATCHED);
    expect(story.take([FAILED])).toEqual([]);
    expect([story.after(30), story.open.untold, story.reasons]).toEqual([
      [],
      "source-watching",
      [],
    ]);
    story.world = PAGING;
    expect(story.after(0)).toEqual(["page Chat", "page ann"]);
    expect([story.open.untold, story.reasons]).toEqual([null, [null]]);
    expect(story.last?.events.map(({ kind, text }) => [kind, text])).toEqual([
      ["mute-over", "source-watching"],
      ["paged", "ann"],
    ]);
    expect([story.after(0), story.after(1)]).toEqual([[], ["page ann"]]);
  });

  it("[INC-20] stays quiet where somebody has it, and is told when they give it back", () => {
    const story = new Story(WATCHED);
    story.take([FAILED]);
    story.do("ann", { type: "acknowledge" });
    story.world = PAGING;
    expect([story.after(1), story.open.untold]).toEqual([[], "source-watching"]);
    story.do("ann", { type: "unacknowledge" });
    expect([story.after(0), story.open.untold]).toEqual([["page Chat", "page ann"], null]);
  });

  it("[INC-20] says another reason where nobody can be told then either", () => {
    const story = new Story(worldOf({ pagingMode: "WATCHING" }));
    story.take([alertOf("a", T0, { tier: 4 })]);
    story.world = worldOf();
    expect([story.after(0), story.open.untold, story.reasons]).toEqual([
      [],
      "low-tier",
      ["low-tier"],
    ]);
    expect([story.after(0), story.last]).toEqual([[], null]);
  });

  it("[INC-20] a source that is not read yet wakes nobody", () => {
    const story = new Story(WATCHED);
    story.take([FAILED]);
    story.world = { ...PAGING, sourceOf: () => null };
    expect([story.after(1), story.last]).toEqual([[], null]);
  });

  it("[INC-20] the snoozer is left alone, and a snooze that is over ends with it", () => {
    for (const [minutes, sent] of [
      [1, "page ben"],
      [9, "page ann"],
    ] as const) {
      const story = new Story(worldOf({ pagingMode: "WATCHING" }));
      story.take([FAILED]);
      story.do("ann", { type: "snooze", untilMs: T0 + 300_000 });
      story.world = worldOf();
      expect(story.after(minutes)).toEqual([sent]);
      expect(story.after(0)).toEqual([]);
    }
  });
});

describe("start paging", () => {
  it("[INC-20] says how many page at once, and exactly these do", async () => {
    let pagingMode: PagingMode = "WATCHING";
    const mode = (sourceId: string) => (sourceId === "other" ? "WATCHING" : pagingMode);
    const world = new DeskWorld(new MemoryIncidentStores(), {
      ...PAGING,
      sourceOf: (sourceId) => ({
        name: sourceId,
        environment: "PROD",
        pagingMode: mode(sourceId),
      }),
    });
    await world.desk.load();
    const taken = levelOf("taken", T0);
    const over = levelOf("over", T0);
    // Far enough from each other that no cause is shared.
    const at = (minutes: number) => T0 - minutes * 60_000;
    await world.report({ ...taken, since: at(10) }, { ...over, since: at(20) });
    await world.report(levelOf("a", at(30)), levelOf("b", at(40), { tier: 4 }));
    await world.report(levelOf("c", at(50), { sourceId: "other" }));
    await world.report(clearedOf(over, T0));
    const known = world.openIncidents.find(({ members }) => members[0]?.card.jobId === "taken");
    if (known === undefined) throw new Error("It was not opened.");
    await world.desk.command(commandOf(known, "ann", { type: "acknowledge" }));
    expect(heldBack(world.openIncidents, "source")).toEqual({ pages: 1, notices: 1 });
    pagingMode = "PAGING";
    await world.desk.tick();
    await world.desk.tick();
    expect(world.sent.map(({ receiver, card }) => [receiver, card.jobName])).toEqual([
      ["Chat", "Job b"],
      ["Chat", "Job a"],
      ["ann", "Job a"],
    ]);
    expect(heldBack(world.openIncidents, "source")).toEqual({ pages: 0, notices: 0 });
    expect(heldBack(world.openIncidents, "other")).toEqual({ pages: 1, notices: 0 });
  });
});
