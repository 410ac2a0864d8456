import { LIMITS } from "../model/limits.ts";
import type { RunColumns } from "../ports/stores.ts";
import { decodeJobState } from "../jobs/job-state.ts";
import { DigestRing } from "../jobs/run-digest.ts";
import { checkFailedAlerts, compareAlerts, unjudgedRuns } from "./alert-checks.ts";
import type { Checks } from "./checks.ts";
import { compareRows } from "./compare-rows.ts";
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
  const { refusals } = checks;
  const what = "a process started now";
  compareRows(shown, { rows: loaded, what, skipped, refusals, inRing: null });
  const unjudged = unjudgedRuns(shown, loaded);
  compareAlerts(world.store, { ...fresh, what, now, skipped, unjudged, inRing: null });
  if (!how.orderly) return;
  const orderly = orderlyEngine(world.ledger, now);
  const inRing = newestOfJobs(world);
  checkNumbers(orderly.store.tables.runs.values());
  const there = rowsShown(orderly.board, seenUntil);
  const ideal = "an engine without faults";
  compareRows(shown, { rows: there, what: ideal, skipped, refusals, inRing });
  compareAlerts(world.store, {
    store: orderly.store,
    what: ideal,
    now,
    skipped,
    unjudged: unjudgedRuns(shown, there),
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
    const memory = decodeJobState(stored);
    const { runs, left = [] } = memory;
    const digests = new DigestRing(memory.digests).items;
    const most = LIMITS.endedRunsInMemory + LIMITS.openRunsPerJob;
    require(digests.length <= LIMITS.digestsPerJob, "I6", () => `${digests.length} digests`);
    require(left.length <= digests.length, "I6", () => `${left.length} instances left behind`);
    require(runs.length <= most * 2, "I6", () => `${runs.length} runs in a job's state`);
  }
}

/** RUN-6: where every fact came in its order, attempts are numbered through, however many there are. */
function checkNumbers(runs: Iterable<{ readonly columns: RunColumns }>): void {
  const counts = new Map<string, number>();
  const columns = [...runs].map((run) => run.columns);
  for (const run of columns.sort(
    (a, b) => a.orderedAt - b.orderedAt || (a.executionId < b.executionId ? -1 : 1),
  )) {
    const instance = `${run.jobId} ${run.instanceKey}`;
    const attempt = 1 + (counts.get(instance) ?? 0);
    counts.set(instance, attempt);
    require(run.attempt === attempt, "I2", () =>
      `run ${run.executionId} of ${instance} is attempt ${attempt}, stored as ${run.attempt}`);
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

function columnsText(columns: RunColumns | undefined, inRing: ReadonlySet<string>): string {
  if (columns === undefined) return "";
  // What a clock says of an open run is saved a moment after it is shown.
  const settled = columns.endedAt === null ? { ...columns, state: "" } : columns;
  if (inRing.has(columns.executionId)) return JSON.stringify(settled);
  const loose = { attempt: 0, restartedFrom: null, clearedBy: null, triggerKind: "" };
  return JSON.stringify({ ...settled, ...loose });
}
