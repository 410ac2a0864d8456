import { describe, expect, it } from "vitest";
import { runRow } from "../jobs/board-rows.ts";
import { newJobMemory } from "../jobs/new-job-memory.ts";
import { emptySummary } from "../jobs/run-summary.ts";
import { LIMITS } from "../model/limits.ts";
import type { BoardRow, RunRow } from "../model/rows.ts";
import { compareRows, type OtherRows } from "./compare-rows.ts";

const FACT = {
  type: "observation",
  jobId: "job",
  executionId: "run",
  namespace: "n",
  name: "load",
  teamId: "team",
  runKey: "1",
  kind: "started",
  occurredAt: 0,
} as const;
const { face } = newJobMemory(FACT, "s");
const QUARANTINED = [{ code: "quarantined", reason: "The store refuses to keep it." }] as const;

function row(more: Partial<RunRow> = {}): RunRow {
  const judgement = { state: "running", evidence: [] } as const;
  const standing = { attempt: 1, clearedBy: null };
  return { ...runRow(face, emptySummary("run", "job", "1"), standing, judgement, null), ...more };
}

function given(...rows: readonly BoardRow[]): ReadonlyMap<string, BoardRow> {
  return new Map(rows.map((one) => [one.key, one]));
}

function other(times: number, ...rows: readonly BoardRow[]): OtherRows {
  const refusals = new Map([["job", times]]);
  return { rows: given(...rows), what: "another", skipped: new Set(), refusals, inRing: null };
}

describe("rows of two boards that know the same [I2]", () => {
  const held = row({ state: "unknown", evidence: QUARANTINED });

  it("are equal", () => {
    compareRows(given(row()), other(0, row()));
    expect(() => compareRows(given(row()), other(0, row({ state: "late" })))).toThrow("differs");
    expect(() => compareRows(given(row()), other(0))).toThrow("differs");
    expect(() => compareRows(given(), other(0, row()))).toThrow("differs");
  });

  it("differ in what is said of a job whose unit the store refused, and in nothing else [UNIT-6]", () => {
    const enough = LIMITS.refusalsPerUnit;
    compareRows(given(held), other(enough, row()));
    compareRows(given({ ...held, key: "run:quarantine-job", occurrence: true }), other(enough));
    const stage = { ...held, stage: "another" };
    expect(() => compareRows(given(stage), other(enough, row()))).toThrow("differs");
    expect(() => compareRows(given(held), other(enough))).toThrow("differs");
    expect(() => compareRows(given(row()), other(enough, held))).toThrow("differs");
    const running = row({ evidence: QUARANTINED });
    expect(() => compareRows(given(running), other(enough, row()))).toThrow("UNIT-6");
  });

  it("are no excuse for a job in quarantine that the store did not refuse [UNIT-5]", () => {
    const times = LIMITS.refusalsPerUnit - 1;
    expect(() => compareRows(given(held), other(times, row()))).toThrow("UNIT-5");
  });
});
