import { expect, it } from "vitest";
import type { Piece } from "../ports/stores.ts";
import { LIMITS } from "../model/limits.ts";
import { jobIdOf } from "../model/ids.ts";
import { fact, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

const JOBS = 12 * LIMITS.unitsPerPiece;

function nameOf(job: number): string {
  return `job-${job}`;
}

/** The store answers each piece, but for every so manieth, which it cannot take just now; returns what it kept. */
function answered(world: World, failing: number): readonly Piece[] {
  const kept: Piece[] = [];
  world.shard.beginCut();
  for (let sent = 1; world.pieces.length > 0; sent += 1) {
    const [piece] = world.pieces.splice(0, 1);
    if (piece === undefined) break;
    if (sent % failing === 0) {
      world.shard.saveFailed();
      world.shard.beginCut();
    } else {
      kept.push(piece);
      world.shard.saved({ lostPartitions: [], amended: [] });
    }
  }
  return kept;
}

it.each([Number.POSITIVE_INFINITY, 3])(
  "[UNIT-4] a cut that takes long marks on its way what is saved, and nothing else (every %d. piece fails)",
  (failing) => {
    const world = new World();
    // One record a job, in turn, three times over.
    const jobs = Array.from({ length: 3 * JOBS }, (_, record) => nameOf(record % JOBS));
    for (const [record, name] of jobs.entries()) {
      const kind = record < JOBS ? "started" : "progress";
      world.append({ ...fact("1", kind, record), jobId: jobIdOf("s", "n", name), name });
    }
    const kept = answered(world, failing);
    /** Newest fact of each job that a commit holds, by job id. */
    const saved = new Map<string, number>();
    const marks: number[] = [];
    for (const { units, mark } of kept) {
      for (const { columns } of units.flatMap((unit) => unit.runs)) {
        saved.set(columns.jobId, columns.lastFactAt);
      }
      if (mark === null) continue;
      marks.push(mark.position);
      const behind = jobs
        .slice(0, mark.position)
        .filter((name, record) => (saved.get(jobIdOf("s", "n", name)) ?? 0) < T0 + record);
      expect(behind).toEqual([]);
    }
    expect(marks.at(-1)).toBe(jobs.length);
    expect(marks.length).toBeGreaterThan(1);
    expect(marks).toEqual(marks.toSorted((a, b) => a - b));
  },
);
