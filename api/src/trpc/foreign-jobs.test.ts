import {
  Board,
  type RunRow,
  type Scope,
  SERVICE_TEAM_ID,
  type StoredRun,
} from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { ForeignJobs } from "./foreign-jobs.ts";

const NOW = Date.parse("2026-11-24T02:00:00.000Z");
const LENDING: Scope = { teamIds: ["lending"], payload: true };
const HOUR = 3_600_000;

function row(id: string, more: Partial<RunRow>): RunRow {
  const startedAt = new Date(NOW - HOUR).toISOString();
  return {
    kind: "run",
    key: `run:${id}`,
    executionId: id,
    jobId: "wires",
    jobName: "wires",
    namespace: "secret namespace",
    teamId: "payments",
    state: "running",
    startedAt,
    endedAt: null,
    lastFactAt: startedAt,
    usualDurationMs: 2 * HOUR,
    message: "secret words",
    stage: "secret stage",
    occurrence: false,
    evidence: [],
    clearedBy: null,
    ...more,
  } as RunRow;
}

function jobsOn(...rows: readonly RunRow[]): ForeignJobs {
  const board = new Board("e");
  board.apply(rows, NOW);
  return new ForeignJobs({
    board,
    teams: async () => [{ teamId: "payments", name: "Payments" }],
    onCallOf: (teamId) => (teamId === "payments" ? "Duty Operator" : null),
  });
}

const run = (executionId: string, more: Partial<StoredRun> = {}) =>
  ({
    executionId,
    jobName: "wires",
    ownerTeamId: "payments",
    state: "succeeded",
    ...more,
  }) as StoredRun;

describe("another team's job in a chain [S61]", () => {
  it("is four fields: name, team, state with the usual end, and who is on call", async () => {
    const [one] = await jobsOn(row("r1", {})).ofRuns([run("r1")], LENDING);
    expect(one).toEqual({
      name: "wires",
      teamName: "Payments",
      state: "running",
      etaAt: new Date(NOW + HOUR).toISOString(),
      onCall: "Duty Operator",
    });
  });

  it("has no end to come where it ended, waits to begin, or is too new to tell", async () => {
    const ended = { state: "failed", endedAt: new Date(NOW).toISOString() } as const;
    for (const more of [ended, { startedAt: null }, { usualDurationMs: null }]) {
      const [one] = await jobsOn(row("r1", more)).ofRuns([run("r1")], LENDING);
      expect(one?.etaAt).toBeNull();
    }
    const [gone] = await jobsOn().ofRuns([run("r1")], LENDING);
    expect(gone).toMatchObject({ state: "succeeded", etaAt: null });
  });

  it("that waits stands as its newest run does, and is unknown without one", async () => {
    const older = row("r1", { state: "failed", endedAt: new Date(NOW - HOUR).toISOString() });
    const newer = row("r2", { lastFactAt: new Date(NOW).toISOString() });
    const neighbour = (jobId: string) => ({ jobId, name: jobId, teamId: "payments" });
    const jobs = await jobsOn(older, newer).ofJobs(["wires", "other"].map(neighbour), LENDING);
    expect(jobs.map(({ name, state }) => [name, state])).toEqual([
      ["wires", "running"],
      ["other", "unknown"],
    ]);
  });

  it("names no person to a wall, and Batchwatch's own jobs to nobody", async () => {
    const wall: Scope = { teamIds: ["lending"], payload: false, nameless: true };
    const [one] = await jobsOn().ofRuns([run("r1")], wall);
    expect(one?.onCall).toBeNull();
    const own = await jobsOn().ofRuns([run("r1", { ownerTeamId: SERVICE_TEAM_ID })], LENDING);
    expect(own).toEqual([]);
  });
});
