import { alertIdOf, type Alert, type AlertLevel, type RunColumns } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { alertsById, firingJobs, firingOfInstance, nextPlace, writeLevel } from "./alert-rows.ts";

/** What a written unit says of alerts. */
export interface SaidOfAlerts {
  /** As it was written; null where the unit is of no job. */
  readonly jobId: string | null;
  readonly levels: readonly AlertLevel[];
  /** Runs of it that are stored as succeeded. */
  readonly succeeded: readonly RunColumns[];
}

/** Alerts of one piece while they are joined: as they stand, and which of them the piece changed. */
interface Joining {
  readonly known: Map<string, Alert>;
  readonly changed: Map<string, Alert>;
}

/**
 * Joins the levels of a piece with the stored alerts, and ends alerts of attempts that a later one of their instance
 * has made good, whatever the job's actor still remembers. Answers what changed. Where nothing fires and nothing
 * begins to, this is one read for the whole piece.
 */
export async function saveAlerts(
  tx: Kysely<Database>,
  said: readonly SaidOfAlerts[],
): Promise<readonly Alert[]> {
  const jobIds = new Set(said.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])));
  const firing = await firingJobs(tx, [...jobIds]);
  const mayEnd = (jobId: string | null) => jobId === null || firing.has(jobId);
  const telling = said.map((one) => ({
    levels: one.levels.filter((level) => level.holds || mayEnd(one.jobId)),
    succeeded: one.succeeded,
  }));
  const levels = telling.flatMap((one) => one.levels);
  if (firing.size === 0 && levels.length === 0) return [];
  const ids = levels.map(({ rule, subject }) => alertIdOf(rule, subject));
  const stored = await alertsById(tx, ids);
  const joining: Joining = {
    known: new Map(stored.map((alert) => [alert.alertId, alert])),
    changed: new Map(),
  };
  const silent = await silentJobs(tx, levels);
  for (const one of telling) {
    for (const level of one.levels) {
      if (!(level.holds && silent.has(level.card.jobId ?? ""))) await join(tx, joining, level);
    }
    for (const run of one.succeeded) {
      if (firing.has(run.jobId) || joining.changed.size > 0) await makeGood(tx, joining, run);
    }
  }
  return [...joining.changed.values()];
}

async function join(
  tx: Kysely<Database>,
  { known, changed }: Joining,
  level: AlertLevel,
): Promise<void> {
  const alertId = alertIdOf(level.rule, level.subject);
  const next = await writeLevel(tx, known.get(alertId) ?? null, level);
  if (next === null) return;
  known.set(alertId, next);
  changed.set(alertId, next);
}

/** Jobs of which nothing is expected: what their actor said before it learned that raises no alert. */
async function silentJobs(
  tx: Kysely<Database>,
  levels: readonly AlertLevel[],
): Promise<ReadonlySet<string>> {
  const ids = new Set(levels.flatMap((level) => (level.holds ? [level.card.jobId ?? ""] : [])));
  if (ids.size === 0) return ids;
  return new Set((await silentJobsOf(tx, padded([...ids]))).map((row) => row.job_id));
}

const silentJobsOf = fixedQuery((db, jobIds: readonly string[]) =>
  db
    .selectFrom("job")
    .select("job_id")
    .where(inList("job_id", jobIds))
    .where((eb) => eb.or([eb("lifecycle", "=", "RETIRED"), eb("monitored", "=", 0)])),
);

async function makeGood(tx: Kysely<Database>, joining: Joining, run: RunColumns): Promise<void> {
  for (const alert of await firingOfInstance(tx, run.jobId, run.instanceKey)) {
    if (!(await isOfEarlier(tx, alert, run))) continue;
    const { alertId, rule, subject } = alert;
    joining.known.set(alertId, alert);
    const since = run.endedAt ?? run.lastFactAt;
    await join(tx, joining, { rule, subject, holds: false, since, ending: "cleared" });
  }
}

/** An attempt that began before this one; an expected start that nobody took goes before every attempt. */
async function isOfEarlier(tx: Kysely<Database>, alert: Alert, run: RunColumns): Promise<boolean> {
  const { executionId } = alert.card;
  if (executionId === null) return true;
  const earlier = await tx
    .selectFrom("job_run")
    .select("ordered_at")
    .where("execution_id", "=", executionId)
    .executeTakeFirst();
  if (earlier === undefined || executionId === run.executionId) return false;
  if (earlier.ordered_at !== run.orderedAt) return earlier.ordered_at < run.orderedAt;
  return executionId < run.executionId;
}

/** Everything that fires of the job ends: nothing is expected of it any more. */
export async function retireAlerts(
  tx: Kysely<Database>,
  jobId: string,
  now: number,
): Promise<void> {
  const place = await nextPlace(tx);
  await tx
    .updateTable("alert")
    .set((eb) => ({
      firing: 0,
      ended_at: now,
      ending: "retired",
      version: eb("version", "+", 1),
      unhandled_no: eb.fn.coalesce("unhandled_no", eb.val(place)),
    }))
    .where("job_id", "=", jobId)
    .where("firing", "=", 1)
    .execute();
}
