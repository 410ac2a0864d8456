import { incidentRow } from "../incidents/incident-row.ts";
import { alertOf, T0 } from "../incidents/test-incidents.ts";
import { Story } from "../incidents/test-story.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Scope, scopeOf } from "../model/people.ts";
import type { BoardChange, IncidentRow, RunRow } from "../model/rows.ts";
import { LIMITS } from "../model/limits.ts";
import { Board } from "./board.ts";
import { dashboardOf } from "./dashboard.ts";

const NOW = Date.parse("2026-11-24T02:00:00.000Z");
const ALL: Scope = { teamIds: "all", payload: true };
const LENDING: Scope = { teamIds: ["lending"], payload: true };
const iso = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString();

function row(id: string, more: Partial<RunRow> = {}): RunRow {
  return {
    kind: "run",
    key: `run:${id}`,
    executionId: id,
    jobId: `job-${id}`,
    jobName: `job ${id}`,
    namespace: "n",
    teamId: "lending",
    tier: 2,
    runKey: id,
    state: "running",
    attempt: 1,
    businessDate: null,
    nominalAt: null,
    startedAt: iso(10),
    endedAt: null,
    durationMs: null,
    lastFactAt: iso(0),
    stage: null,
    stageCount: 0,
    progress: null,
    rowsWritten: null,
    message: "secret words",
    clearedBy: null,
    usualDurationMs: null,
    occurrence: false,
    evidence: [],
    ...more,
  };
}

/** What a reader holds who follows the board from `seq`, in frames. */
function follow(board: Board, scope: Scope, held: Map<string, BoardChange>, seq: number): number {
  let position = seq;
  while (position < board.seq) {
    const next = board.since(position, scope);
    if (next === null) throw new Error("position lost");
    for (const change of next.changes) {
      if (change.kind === "gone") held.delete(change.key);
      else held.set(change.key, change);
    }
    position = next.seq;
  }
  return position;
}

describe("the board", () => {
  it("brings every follower to the same rows as the snapshot, however often they read and whatever changes teams", () => {
    const change = fc.record({
      id: fc.constantFrom("1", "2", "3", "4"),
      teamId: fc.constantFrom("lending", "cards"),
      endedMinutesAgo: fc.option(fc.integer({ min: 0, max: 120 })),
      read: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const board = new Board("e");
        const held = new Map<string, BoardChange>();
        let seq = 0;
        for (const { id, teamId, endedMinutesAgo, read } of changes) {
          const ended =
            endedMinutesAgo === null
              ? {}
              : { endedAt: iso(endedMinutesAgo), state: "succeeded" as const };
          board.apply([row(id, { teamId, ...ended })], NOW);
          board.expire(NOW);
          if (read) seq = follow(board, LENDING, held, seq);
        }
        follow(board, LENDING, held, seq);
        const shown = new Map(board.rows(LENDING).map((one) => [one.key, one]));
        expect(new Map([...held].sort())).toEqual(new Map([...shown].sort()));
      }),
    );
  });

  it("gives readers at the same position the very same frame", () => {
    const board = new Board("e");
    board.apply([row("1"), row("2")], NOW);
    expect(board.since(0, ALL)?.changes).toBe(board.since(0, { ...ALL })?.changes);
    expect(board.since(0, LENDING)?.changes).not.toBe(board.since(0, ALL)?.changes);
  });

  it("does not know positions of the future or older than its ring", () => {
    const board = new Board("e");
    expect(board.since(1, ALL)).toBeNull();
    for (let n = 0; n <= LIMITS.boardRing; n += 1) board.apply([row("1")], NOW);
    expect(board.since(0, ALL)).toBeNull();
    expect(board.since(1, ALL)?.seq).toBe(LIMITS.boardRing + 1);
  });

  it("hides the job's own words where the scope says so", () => {
    const board = new Board("e");
    board.apply([row("1")], NOW);
    const hidden: Scope = { teamIds: "all", payload: false };
    expect(JSON.stringify([board.rows(hidden), board.since(0, hidden)])).not.toContain(
      "secret words",
    );
    expect(JSON.stringify(board.rows(ALL))).toContain("secret words");
  });

  it("shows a team its own jobs' words only, where its incident is about another team's job now [S61]", () => {
    const board = new Board("e");
    const story = new Story();
    story.take([alertOf("a", T0)]);
    const own = incidentRow(story.open, story.world);
    const stage = "secret stage";
    board.apply([{ ...own, aboutTeamId: "cards", message: "secret words", stage }], NOW);
    const scope: Scope = { teamIds: [own.teamId], payload: true };
    const text = (of: Scope) => JSON.stringify([board.rows(of), board.since(0, of)]);
    expect(text(scope)).not.toMatch(/secret|cards/);
    expect(text(scope)).toContain(own.jobName);
    expect(text({ teamIds: [own.teamId, "cards"], payload: true })).toMatch(/secret words/);
    expect(text(ALL)).toMatch(/secret words.*secret stage|secret stage.*secret words/);
  });

  it("shows a team the ids of its own jobs only, of those that are in one incident [S61]", () => {
    const board = new Board("e");
    const story = new Story();
    story.take([alertOf("a", T0)]);
    const own = incidentRow(story.open, story.world);
    const others = { jobIds: ["own-1", "foreign-1", "own-2"], jobs: 3 };
    board.apply([{ ...own, ...others, jobTeams: [own.teamId, "cards", own.teamId] }], NOW);
    const shown = (of: Scope) => board.rows(of).map((one) => (one as IncidentRow).jobIds);
    const scope: Scope = { teamIds: [own.teamId], payload: true };
    expect(shown(scope)).toEqual([["own-1", "own-2"]]);
    expect(shown(ALL)).toEqual([others.jobIds]);
    for (const of of [scope, ALL]) {
      expect(JSON.stringify([board.rows(of), board.since(0, of)])).not.toContain("jobTeams");
    }
    expect(JSON.stringify(board.since(0, scope))).not.toContain("foreign-1");
  });

  it("names nobody on a wall", () => {
    const board = new Board("e");
    const person = { userId: "u1", name: "Duty Operator" };
    const story = new Story();
    story.take([alertOf("a", T0)]);
    const incident = { ...incidentRow(story.open, story.world), acknowledgedBy: person };
    board.apply([incident], NOW);
    const text = (role: "display" | "auditor") => {
      const scope = scopeOf({ ...person, role, teamIds: [] });
      return JSON.stringify([board.rows(scope), board.since(0, scope)]);
    };
    expect(text("auditor")).toMatch(/Duty Operator.*"ann"/);
    expect(text("display")).not.toMatch(/Duty Operator|u1|"ann"/);
    expect(text("display")).toMatch(/Somebody.*the next person/);
  });

  it("tells a team's dashboard from all others'", () => {
    const board = new Board("e");
    board.apply(
      [
        row("1"),
        row("2", { teamId: "cards" }),
        row("3", { state: "failed", endedAt: iso(90) }),
        row("4", { state: "failed", endedAt: iso(5), clearedBy: "5" }),
        row("5", { state: "succeeded", endedAt: iso(1), durationMs: 60_000, rowsWritten: 7 }),
        row("6", { state: "succeeded", endedAt: iso(61) }),
      ],
      NOW,
    );
    const health = { status: "UP", components: [] } as const;
    const dashboard = dashboardOf(board, LENDING, health, NOW, 10_000);
    expect(dashboard.activeJobs.map((one) => one.executionId)).toEqual(["1"]);
    expect(dashboard.alerts.map((one) => one.executionId)).toEqual(["3"]);
    expect(dashboard.recentCompletions.map((one) => one.executionId)).toEqual(["5", "4"]);
    expect(dashboard.performanceMetrics).toEqual({
      activeCount: 1,
      succeededLastHour: 1,
      failedLastHour: 1,
      successRate: 0.5,
      medianDurationMs: 60_000,
      rowsWrittenLastHour: 7,
    });
    expect(dashboardOf(board, ALL, health, NOW, 1).truncated).toBe(1);
  });
});
