import { digestOf, instanceKeyOf, newestFirst } from "../jobs/run-digest.ts";
import type { RunSummary } from "../jobs/run-summary.ts";
import type { Alert } from "../model/alert.ts";
import { alertIdOf } from "../model/ids.ts";
import type { BoardRow } from "../model/rows.ts";
import { isBlind, isQuarantined } from "./compare-rows.ts";
import type { Ledger } from "./ledger.ts";
import type { MemoryStore } from "./memory-store.ts";
import { require } from "./violation.ts";

/** What a clock said so lately may not be saved yet, ms: an idle shard ticks once a minute, and the store may be slow. */
const CLOCK_SLACK_MS = 180_000;

/** I2: by the ledger alone, each failed run that no later attempt cured has a firing alert, and no other run has. */
export function checkFailedAlerts(
  ledger: Ledger,
  { tables }: MemoryStore,
  skipped: ReadonlySet<string>,
): void {
  const byJob = new Map<string, RunSummary[]>();
  for (const run of ledger.runs.values()) {
    const known = byJob.get(run.jobId);
    if (known === undefined) byJob.set(run.jobId, [run]);
    else known.push(run);
  }
  for (const [jobId, runs] of byJob) {
    if (skipped.has(jobId)) continue;
    for (const run of runs) {
      const alert = tables.alerts.get(alertIdOf("failed", run.executionId));
      const expected = isOpenFailure(run, runs) ? (run.end?.at ?? null) : null;
      const firing = alert?.firing === true ? alert.since : null;
      require(firing === expected, "I2", () =>
        `run ${run.executionId} of job ${jobId} ${expected === null ? "is not failed" : `failed at ${expected}`}, its alert: ${JSON.stringify(alert)}`);
    }
  }
}

function isOpenFailure(run: RunSummary, ofJob: readonly RunSummary[]): boolean {
  if (run.end?.state !== "failed" || run.historical) return false;
  const digest = digestOf(run);
  return !ofJob.some((other) => {
    if (other.end?.state !== "succeeded" || other.executionId === run.executionId) return false;
    return instanceKeyOf(other) === digest.instanceKey && newestFirst(digestOf(other), digest) < 0;
  });
}

export interface OtherAlerts {
  readonly store: MemoryStore;
  /** Whose alerts these are, for the message. */
  readonly what: string;
  readonly now: number;
  readonly skipped: ReadonlySet<string>;
  /** Runs of which a clock says nothing on some board. */
  readonly unjudged: ReadonlySet<string>;
  /** Runs whose neighbours their job remembers; null: all. */
  readonly inRing: ReadonlySet<string> | null;
}

/** I2: the same alerts are firing in both stores, with the same card. */
export function compareAlerts(store: MemoryStore, other: OtherAlerts): void {
  const { what, now, skipped, unjudged, inRing } = other;
  const here = firingOf(store);
  const there = firingOf(other.store);
  for (const alertId of new Set([...here.keys(), ...there.keys()])) {
    const left = here.get(alertId);
    const right = there.get(alertId);
    const alert = left ?? right;
    if (alert === undefined || skipped.has(alert.card.jobId ?? "")) continue;
    if (alert.rule !== "failed") {
      if (unjudged.has(alert.subject)) continue;
      if (Math.max(left?.since ?? 0, right?.since ?? 0) > now - CLOCK_SLACK_MS) continue;
    }
    const isLoose = inRing !== null && !inRing.has(alert.subject);
    require(textOf(left, isLoose) === textOf(right, isLoose), "I2", () =>
      `alert ${alert.rule} of ${alert.subject} differs from that of ${what}\nhere:  ${JSON.stringify(left ?? store.tables.alerts.get(alertId))}\nthere: ${JSON.stringify(right ?? other.store.tables.alerts.get(alertId))}`);
  }
}

/** Runs of which this process or that one says nothing by the clock: they are blind, or their job is in quarantine. */
export function unjudgedRuns(...boards: readonly ReadonlyMap<string, BoardRow>[]): Set<string> {
  const unjudged = new Set<string>();
  for (const board of boards) {
    for (const row of board.values()) {
      if (row.kind === "run" && (isBlind(row) || isQuarantined(row))) unjudged.add(row.executionId);
    }
  }
  return unjudged;
}

function firingOf({ tables }: MemoryStore): ReadonlyMap<string, Alert> {
  return new Map([...tables.alerts].filter(([, alert]) => alert.firing));
}

/** What is shown of a firing alert; openings and versions count how it came to be, and what people set is no fact. */
function textOf(alert: Alert | undefined, isLoose: boolean): string {
  if (alert === undefined) return "";
  const { rule, subject, since } = alert;
  const card = { ...alert.card, teamId: "", tier: 0 };
  return JSON.stringify({ rule, subject, since, card: isLoose ? { ...card, attempt: 0 } : card });
}
