import { describe, expect, it } from "vitest";
import { alertIdOf } from "../model/ids.ts";
import { LIMITS } from "../model/limits.ts";
import type { IncidentRow } from "../model/rows.ts";
import { commandOf, levelOf, MINUTE, T0 } from "../incidents/test-incidents.ts";
import { MemoryIncidentStores } from "./memory-incident-stores.ts";
import { clearedOf, DeskWorld } from "./test-desk.ts";

const FAILED = levelOf("a", T0, { message: "Settlement file missing" });
/** Of a source of its own, so that no cause is shared. */
const alone = (jobId: string, since = T0, card = {}) =>
  levelOf(jobId, since, { sourceId: `source of ${jobId}`, ...card });

async function loaded(stores = new MemoryIncidentStores()): Promise<DeskWorld> {
  const world = new DeskWorld(stores);
  await world.desk.load();
  stores.calls.clear();
  return world;
}

describe("from an alert to a page", () => {
  it("[INC-18] a failed run is one commit away from its page", async () => {
    const world = await loaded();
    world.desk.take(world.stores.report([FAILED]), [{ jobId: "a", upstream: [] }]);
    await world.desk.idle();
    expect(Object.fromEntries(world.stores.calls)).toEqual({ "incidents.commit": 1 });
    expect(world.sent.map(({ receiver, card }) => [receiver, card.title, card.body])).toEqual([
      ["ann", "FAILED Job a", "02:00 UTC Settlement file missing."],
    ]);
    expect(world.sent).toEqual(world.pages);
    expect(world.rows).toMatchObject([{ kind: "incident", state: "OPEN", jobName: "Job a" }]);
  });

  it("[INC-18] a thousand alerts of a thousand causes take a few commits", async () => {
    const world = await loaded();
    await world.report(...Array.from({ length: 1_000 }, (_, index) => alone(`job-${index}`)));
    expect(world.stores.calls.get("incidents.commit")).toBe(1_000 / LIMITS.alertsAtOnce);
    expect([world.sent.length, world.desk.size]).toEqual([1_000, 1_000]);
    expect(await world.stores.alerts.unhandled(10)).toEqual([]);
  });

  it("[INC-3] [INC-18] what nobody handled is found in the store, however much it is", async () => {
    const world = await loaded();
    const many = LIMITS.alertsAtOnce * 2 + 10;
    world.stores.report(Array.from({ length: many }, (_, index) => alone(`job-${index}`)));
    await world.desk.reconcile();
    expect(world.desk.size).toBe(many);
    expect(await world.stores.alerts.unhandled(10)).toEqual([]);
    expect(await world.stores.alerts.unexplained(10)).toEqual([]);
  });

  it("[INC-3] an alert that ended before it was handled keeps that as its reason", async () => {
    const world = await loaded();
    world.stores.report([FAILED]);
    await world.report(clearedOf(FAILED, T0 + 1));
    const alert = await world.stores.alerts.get(alertIdOf("failed", FAILED.subject));
    expect(alert).toMatchObject({ reason: "ended-before", handledVersion: 2, incidentId: null });
    expect([world.incidents, world.sent]).toEqual([[], []]);
  });

  it("[INC-18] said twice, out of order or late, it is taken once", async () => {
    const world = await loaded();
    const [first] = world.stores.report([FAILED]);
    if (first === undefined) throw new Error("Nothing was reported.");
    const [second] = world.stores.report([levelOf("a", T0, { message: "Now with a message" })]);
    world.desk.take([second ?? first]);
    await world.desk.idle();
    world.desk.take([first, first]);
    await world.desk.idle();
    await world.desk.reconcile();
    expect([world.incidents.length, world.pages.length]).toEqual([1, 1]);
    expect(world.openIncidents[0]?.members[0]?.card.message).toBe("Now with a message");
  });
});

describe("alerts of one cause", () => {
  it("[INC-5] runs below one stored ancestor are one incident, whichever failed first", async () => {
    const world = await loaded();
    const { runs } = world.stores.tables;
    runs.set("middle", { jobId: "m", instanceKey: "1", parentExecutionId: "root-run-1" });
    runs.set("root-run-1", { jobId: "root", instanceKey: "2026-11-24", parentExecutionId: null });
    await world.report(alone("child", T0, { parentExecutionId: "middle" }));
    await world.report(alone("root", T0 + 1));
    expect(world.openIncidents.map(({ groupKey, memberCount }) => [groupKey, memberCount])).toEqual(
      [["job:root/2026-11-24", 2]],
    );
    expect(world.pages.length).toBe(1);
  });

  it("[INC-5] children of a run that is not stored are one, and it joins them when it is", async () => {
    const world = await loaded();
    const parentExecutionId = "root-run-1";
    await world.report(alone("b", T0, { parentExecutionId }));
    await world.report(alone("c", T0, { parentExecutionId }));
    await world.report(alone("root", T0));
    expect(world.openIncidents.map(({ groupKey, memberCount }) => [groupKey, memberCount])).toEqual(
      [["run:root-run-1", 3]],
    );
  });

  it("[INC-5] an endless chain of parents ends", async () => {
    const world = await loaded();
    world.stores.tables.runs.set("x", { jobId: "x", instanceKey: "1", parentExecutionId: "x" });
    await world.report(alone("a", T0, { parentExecutionId: "x" }));
    expect(world.stores.calls.get("incidents.runOf")).toBe(LIMITS.ancestors);
    expect(world.openIncidents.map(({ groupKey }) => groupKey)).toEqual(["job:x/1"]);
  });

  it("[INC-6] what waits for a failed job is a consequence of it", async () => {
    const world = await loaded();
    world.stores.tables.upstream.set("b", ["a"]).set("c", ["b"]);
    await world.report(alone("a"));
    await world.report(alone("b", T0 + 1));
    await world.report(alone("c", T0 + 2));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([3]);
    const reasons = [...world.stores.tables.alerts.values()].map(({ reason }) => reason);
    expect(reasons).toEqual([null, "consequence", "consequence"]);
    expect(world.pages.length).toBe(1);
  });

  it("[INC-6] asks in one call whom many jobs wait for, and not where the save has said it", async () => {
    const world = await loaded();
    await world.report(...["a", "b", "c"].map((job, at) => alone(job, T0 + at)));
    expect(world.stores.calls.get("incidents.upstream")).toBe(1);
    world.desk.take(world.stores.report([alone("d", T0 + 5)]), [{ jobId: "d", upstream: ["a"] }]);
    await world.desk.idle();
    expect(world.stores.calls.get("incidents.upstream")).toBe(1);
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([2, 1, 1]);
  });

  it("[INC-7] three jobs of one source at once: the oldest incident takes the others in, and says so", async () => {
    const world = await loaded();
    await world.report(levelOf("a", T0));
    world.now += 1_000;
    await world.report(levelOf("b", T0 + 1_000));
    expect(world.openIncidents.length).toBe(2);
    await world.report(levelOf("c", T0 + 2_000));
    const [open, ...more] = world.openIncidents;
    expect(more).toEqual([]);
    expect(open).toMatchObject({
      causeKind: "SHARED_SOURCE",
      resourceKey: "source:source",
      memberCount: 3,
      openedAt: T0,
    });
    expect(world.incidents.filter(({ state }) => state === "RESOLVED")).toMatchObject([
      { resolution: "merged", mergedInto: open?.incidentId, nextDueAt: null },
    ]);
    const [merged] = world.incidents.filter(({ state }) => state === "RESOLVED");
    if (merged === undefined) throw new Error("Nothing was merged.");
    // Whoever was paged for it is told where it went, not that it is over.
    const late = await world.desk.command(commandOf(merged, "ben", { type: "acknowledge" }));
    expect(late).toMatchObject({
      outcome: "already-resolved",
      resolution: "merged",
      mergedInto: open?.incidentId,
    });
    const alerts = [...world.stores.tables.alerts.values()];
    expect(alerts.map(({ incidentId }) => incidentId)).toEqual(alerts.map(() => open?.incidentId));
    const told = world.sent.map(({ kind, card }) => [kind, card.title]);
    expect(told).toEqual([
      ["page", "FAILED Job a"],
      ["page", "FAILED Job b"],
      ["update", "3 JOBS, ONE CAUSE Source source"],
    ]);
    expect(world.rows.at(-1)).toMatchObject({ kind: "gone" });
  });

  it("[INC-7] a storm of one source is one page, and those who join later give their reason", async () => {
    const world = await loaded();
    const levels = Array.from({ length: 300 }, (_, index) => levelOf(`job-${index}`, T0 + index));
    await world.report(...levels.slice(0, 200));
    await world.report(...levels.slice(200));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([300]);
    expect(world.sent.map(({ card }) => card.title)).toEqual(["200 JOBS, ONE CAUSE Source source"]);
    world.now += 10 * MINUTE;
    await world.report(...levels.slice(0, 299).map((level) => clearedOf(level, world.now)));
    expect(world.openIncidents.length).toBe(1);
    await world.report(...levels.slice(299).map((level) => clearedOf(level, world.now)));
    expect(world.openIncidents).toEqual([]);
    expect(world.sent.filter(({ kind }) => kind === "recovered").length).toBe(1);
    expect(await world.stores.alerts.unhandled(10)).toEqual([]);
  });

  it("[INC-18] asks in one call, each minute, whether another desk has gone on with what it knows", async () => {
    const world = await loaded();
    await world.report(...["a", "b", "c"].map((job, at) => alone(job, T0 + at)));
    world.stores.calls.clear();
    await world.desk.reconcile();
    expect(world.stores.calls.get("alerts.ofIds")).toBe(1);
    expect(world.stores.calls.get("alerts.get")).toBeUndefined();
  });

  it("[INC-18] what is to be sent goes before the board is told", async () => {
    const world = await loaded();
    const held: (() => void)[] = [];
    world.later = (work) => held.push(work);
    await world.report(FAILED);
    expect([world.sent.length, world.rows.length]).toEqual([1, 0]);
    for (const work of held) work();
    expect(world.rows).toMatchObject([{ kind: "incident", version: 1 }]);
  });

  it("[INC-7] a later attempt of a job that was taken in joins where it is now", async () => {
    const world = await loaded();
    for (const job of ["a", "b", "c"]) await world.report(levelOf(job, T0));
    await world.report(levelOf("b", T0 + 30 * MINUTE, { attempt: 2 }));
    expect(world.openIncidents.map(({ memberCount }) => memberCount)).toEqual([4]);
  });
});

describe("commands", () => {
  it("[INC-24] who was sent a page is told silently that somebody has it, also whose page may be under way; whose page waits is not", async () => {
    const world = await loaded();
    await world.report(FAILED);
    const [open] = world.openIncidents;
    const [page] = world.pages;
    if (open === undefined || page === undefined) throw new Error("Nobody was paged.");
    const { notificationId } = page;
    const taken = () =>
      world.sent.splice(0).map(({ kind, receiver, card }) => [kind, receiver, card.title]);
    taken();
    await world.desk.command(commandOf(open, "ben", { type: "acknowledge" }));
    expect(taken()).toEqual([["update", "ann", "TAKEN Job a"]]);
    const failed = { type: "failed", error: "503", nextAttemptAt: T0 + MINUTE } as const;
    await world.stores.outbox.mark("desk", [{ notificationId, ...failed }]);
    await world.desk.command(commandOf(open, "carla", { type: "take-over" }));
    expect(taken()).toEqual([]);
    world.stores.outboxRows.rows.set(notificationId, { ...page, state: "SENT" });
    await world.desk.command(commandOf(open, "ben", { type: "take-over" }));
    expect(taken()).toEqual([["update", "ann", "TAKEN Job a"]]);
  });

  it("[INC-16] the answer follows the commit, a repeat gets the same answer and changes nothing", async () => {
    const world = await loaded();
    await world.report(FAILED);
    const [open] = world.openIncidents;
    if (open === undefined) throw new Error("No incident was made.");
    const command = commandOf(open, "ann", { type: "acknowledge" });
    const answer = await world.desk.command(command);
    expect(answer).toMatchObject({ outcome: "done", state: "ACKNOWLEDGED", version: 2 });
    expect([world.cancelled, world.openIncidents[0]?.acknowledgedBy?.name]).toEqual([
      [{ incidentId: open.incidentId, userId: null }],
      "ann",
    ]);
    await world.desk.command(commandOf(open, "ann", { type: "unacknowledge" }));
    const { version } = world.openIncidents[0] ?? open;
    expect(await world.desk.command(command)).toEqual(answer);
    expect(world.openIncidents[0]?.version).toBe(version);
    const other = { ...command, action: { type: "escalate" as const } };
    await expect(world.desk.command(other)).rejects.toMatchObject({ code: "command_reused" });
  });

  it("[INC-16] many at once are carried out one after the other", async () => {
    const world = await loaded();
    await world.report(FAILED, alone("b"));
    const [first, second] = world.openIncidents;
    if (first === undefined || second === undefined) throw new Error("No incidents were made.");
    const names = ["ann", "ben", "carla"];
    const answers = await Promise.all([
      ...names.map((name) => world.desk.command(commandOf(first, name, { type: "acknowledge" }))),
      world.desk.command(commandOf(second, "ann", { type: "acknowledge" })),
      world.desk.command(commandOf({ incidentId: "none" }, "ann", { type: "acknowledge" })),
    ]);
    expect(answers.map((answer) => answer?.outcome)).toEqual([
      "done",
      "someone-has-it",
      "someone-has-it",
      "done",
      undefined,
    ]);
    expect(answers.map((answer) => answer?.acknowledgedBy?.name).slice(0, 3)).toEqual([
      "ann",
      "ann",
      "ann",
    ]);
  });

  it("[INC-16] more than the desk can hold are refused", async () => {
    const world = await loaded();
    await world.report(FAILED);
    const [open] = world.openIncidents;
    if (open === undefined) throw new Error("No incident was made.");
    const comments = Array.from({ length: LIMITS.commandsWaiting + 1 }, (_, index) =>
      world.desk.command(commandOf(open, "ann", { type: "comment", text: `${index}` })),
    );
    const outcomes = await Promise.allSettled(comments);
    expect(outcomes.filter(({ status }) => status === "rejected")).toMatchObject([
      { reason: { code: "desk_full" } },
    ]);
  });

  it("counts for each person what nobody has, or they do, of the teams that they see", async () => {
    const world = await loaded();
    await world.report(FAILED, alone("b"), alone("c", T0, { teamId: "cards" }));
    const all = { teamIds: "all", payload: true } as const;
    const counts = (): readonly number[] => [
      world.desk.needing("ann", all),
      world.desk.needing("ben", all),
      world.desk.needing("ann", { teamIds: ["lending"], payload: true }),
    ];
    expect(counts()).toEqual([3, 3, 2]);
    const [first] = world.openIncidents;
    if (first === undefined) throw new Error("No incident was made.");
    await world.desk.command(commandOf(first, "ann", { type: "acknowledge" }));
    expect(counts()).toEqual([3, 2, 2]);
  });

  it("[INC-15] one that is over answers so, and what a person closed stays closed", async () => {
    const world = await loaded();
    await world.report(FAILED);
    const [open] = world.openIncidents;
    if (open === undefined) throw new Error("No incident was made.");
    await world.desk.command(commandOf(open, "ann", { type: "resolve", reason: "Known" }));
    await world.report(levelOf("a", T0, { message: "Another message" }));
    expect([world.openIncidents, world.pages.length]).toEqual([[], 1]);
    expect(await world.stores.alerts.unhandled(10)).toEqual([]);
    const answer = await world.desk.command(commandOf(open, "ben", { type: "acknowledge" }));
    expect(answer).toMatchObject({
      outcome: "already-resolved",
      resolution: "person",
      mergedInto: null,
    });
    await world.report(clearedOf(FAILED, T0 + 1), levelOf("a", T0 + 2));
    expect([world.openIncidents.length, world.pages.length]).toEqual([1, 2]);
  });
});

describe("time", () => {
  it("[INC-8] what is due is done with the tick, one step each", async () => {
    const world = await loaded();
    await world.report(FAILED, alone("b"));
    expect(world.desk.nextDueAt).toBe(T0 + MINUTE);
    await world.pass(0.5);
    expect(world.pages.length).toBe(2);
    await world.pass(0.5);
    expect(world.pages.length).toBe(4);
    await world.pass(24 * 60);
    expect(world.pages.length).toBe(6);
    expect(world.desk.nextDueAt).toBe(world.now + MINUTE);
  });

  it("a restart shows the same incidents and goes on where it was", async () => {
    const first = await loaded();
    await first.report(FAILED);
    const next = new DeskWorld(first.stores);
    next.now = T0 + MINUTE;
    await next.desk.load();
    const shown = next.rows.filter((row): row is IncidentRow => row.kind === "incident");
    expect(shown).toEqual(first.rows);
    await next.desk.tick();
    expect(next.sent.map(({ kind, receiver }) => [kind, receiver])).toEqual([["page", "ann"]]);
  });
});
