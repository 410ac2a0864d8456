import { LIMITS } from "../model/limits.ts";
import type { BoardRow } from "../model/rows.ts";
import type { RunColumns } from "../ports/stores.ts";
import { decodeJobState } from "../jobs/job-state.ts";
import { blindRuns, checkFailedAlerts, compareAlerts } from "./alert-checks.ts";
import type { Checks } from "./checks.ts";
import { freshlyLoaded, orderlyEngine, rowsShown } from "./compare.ts";
import type { ProcessLife } from "./process-life.ts";
import { require } from "./violation.ts";
import type { World } from "./world.ts";

/** Attempts of one instance lie within this many runs of their job. */
const STANDING_MARGIN = 8;

/** What must hold whenever everything that was said has been read and saved. */
export function checkQuiet(
  world: World,
  checks: Checks,
  process: ProcessLife,
  how: { readonly orderly: boolean },
): void {
  const skipped = new Set(checks.uncertainJobs);
  for (const { jobId } of world.store.tables.letters.values())
    if (jobId !== null) skipped.add(jobId);
  checks.nothingLost();
  checkRuns(world, skipped);
  checkFailedAlerts(world.ledger, world.store, skipped);
  checkMemory(world);
  const unreadable = [...world.store.tables.letters.values()].filter(({ jobId }) => jobId === null);
  require(checks.gaps > 0 || unreadable.length >= world.ledger.unreadable, "I1", () =>
    `${world.ledger.unreadable} records could not be read, ${unreadable.length} are kept`);
  const now = world.wall();
  for (const shard of process.shards) shard.judgeNow();
  const seenUntil = Math.max(now, process.latestWall);
  const shown = rowsShown(process.board, seenUntil);
  const fresh = freshlyLoaded(world, now);
  const loaded = rowsShown(fresh.board, seenUntil);
  compareRows(shown, loaded, skipped, "a process started now", null);
  const what = "a process started now";
  const blind = blindRuns(shown, loaded);
  compareAlerts(world.store, { ...fresh, what, now, skipped, blind, inRing: null });
  if (!how.orderly) return;
  const orderly = orderlyEngine(world.ledger, now);
  const inRing = newestOfJobs(world);
  const there = rowsShown(orderly.board, seenUntil);
  compareRows(shown, there, skipped, "an engine without faults", inRing);
  compareAlerts(world.store, {
    store: orderly.store,
    what: "an engine without faults",
    now,
    skipped,
    blind: blindRuns(shown, there),
    inRing,
  });
  for (const [executionId, { columns }] of orderly.store.tables.runs) {
    if (skipped.has(columns.jobId)) continue;
    const stored = world.store.tables.runs.get(executionId)?.columns;
    require(columnsText(stored, inRing) === columnsText(columns, inRing), "I2", () =>
      `columns of run ${executionId}\nstored:  ${JSON.stringify(stored)}\norderly: ${JSON.stringify(columns)}`);
  }
}

/** I1, I2: each run is stored as the fold of its facts, with the newest of its transitions. */
function checkRuns({ ledger, store }: World, skipped: ReadonlySet<string>): void {
  for (const [executionId, run] of ledger.runs) {
    if (skipped.has(run.jobId)) continue;
    const stored = store.tables.runs.get(executionId)?.summary;
    const expected = ledger.expected(executionId);
    require(stored === expected, "I1", () =>
      `run ${executionId}\nstored:   ${stored}\nexpected: ${expected}`);
    const said = [...(ledger.transitions.get(executionId) ?? [])]
      .sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1))
      .map(([factId]) => factId)
      .slice(-LIMITS.transitionsPerRun);
    const kept = (store.tables.transitions.get(executionId) ?? [])
      .filter((row) => row.contract !== "clock")
      .map((row) => row.factId);
    require(said.join() === kept.join(), "I2", () =>
      `transitions of run ${executionId} of job ${run.jobId}\nstored: ${kept.join()}\nsaid:   ${said.join()}`);
  }
}

/** I6: what a job's state holds is bounded. */
function checkMemory({ store }: World): void {
  for (const stored of store.tables.jobs.values()) {
    const { digests, runs } = decodeJobState(stored);
    const most = LIMITS.endedRunsInMemory + LIMITS.openRunsPerJob;
    require(digests.length <= LIMITS.digestsPerJob, "I6", () => `${digests.length} digests`);
    require(runs.length <= most * 2, "I6", () => `${runs.length} runs in a job's state`);
  }
}

function compareRows(
  shown: ReadonlyMap<string, BoardRow>,
  other: ReadonlyMap<string, BoardRow>,
  skipped: ReadonlySet<string>,
  what: string,
  inRing: ReadonlySet<string> | null,
): void {
  for (const key of new Set([...shown.keys(), ...other.keys()])) {
    const left = shown.get(key);
    const right = other.get(key);
    if (skipped.has(left?.jobId ?? right?.jobId ?? "")) continue;
    // A pause that only the thread itself noticed is not told to a process that starts now.
    if (isBlind(left) || isBlind(right)) continue;
    // Cleared by an attempt that came when the job remembered neither: the one board still shows it, the other does not.
    if (isLooseFailure(left ?? right, inRing) && (left === undefined || right === undefined))
      continue;
    require(rowText(left, inRing) === rowText(right, inRing), "I2", () =>
      `row ${key} differs from ${what}\nshown: ${JSON.stringify(left)}\nthere: ${JSON.stringify(right)}`);
  }
}

/** Runs whose neighbours a job remembers; only of these is the standing free of order (I2). */
function newestOfJobs({ store }: World): ReadonlySet<string> {
  const byJob = new Map<string, RunColumns[]>();
  for (const { columns } of store.tables.runs.values()) {
    const known = byJob.get(columns.jobId);
    if (known === undefined) byJob.set(columns.jobId, [columns]);
    else known.push(columns);
  }
  const newest = [...byJob.values()].flatMap((runs) =>
    runs
      .sort((a, b) => b.orderedAt - a.orderedAt)
      .slice(0, LIMITS.digestsPerJob - STANDING_MARGIN)
      .map(({ executionId }) => executionId),
  );
  return new Set(newest);
}

function isLooseFailure(row: BoardRow | undefined, inRing: ReadonlySet<string> | null): boolean {
  return row?.kind === "run" && row.state === "failed" && inRing?.has(row.executionId) === false;
}

function isBlind(row: BoardRow | undefined): boolean {
  return row?.kind === "run" && row.evidence.some(({ code }) => code === "blind");
}

function columnsText(columns: RunColumns | undefined, inRing: ReadonlySet<string>): string {
  if (columns === undefined) return "";
  // What a clock says of an open run is saved a moment after it is shown.
  const settled = columns.endedAt === null ? { ...columns, state: "" } : columns;
  if (inRing.has(columns.executionId)) return JSON.stringify(settled);
  const loose = { attempt: 0, restartedFrom: null, clearedBy: null, triggerKind: "" };
  return JSON.stringify({ ...settled, ...loose });
}

/** The usual duration beside an ended run is a figure of the time when it was shown; an earlier run told later does not redraw it. */
function rowText(row: BoardRow | undefined, inRing: ReadonlySet<string> | null): string {
  if (row?.kind !== "run" || row.endedAt === null) return JSON.stringify(row) ?? "";
  const compared = { ...row, usualDurationMs: null };
  if (inRing === null || inRing.has(row.executionId)) return JSON.stringify(compared);
  return JSON.stringify({ ...compared, attempt: 0, clearedBy: null });
}
