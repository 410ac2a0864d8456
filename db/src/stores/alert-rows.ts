import {
  contentIdOf,
  joinLevel,
  type Alert,
  type AlertCard,
  type AlertLevel,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import { rowWriter } from "../dialects/upsert.ts";
import type { AlertTable } from "../schema/alert-tables.ts";
import type { Database } from "../schema/database.ts";

const writeAlertOnce = rowWriter("alert", ["alert_id"], {
  alert_id: "keep",
  rule_name: "keep",
  subject: "keep",
  job_id: "keep",
  firing: "keep",
  instance_hash: "keep",
  since: "keep",
  ended_at: "keep",
  ending: "keep",
  openings: "keep",
  version: "keep",
  handled_version: "keep",
  incident_id: "keep",
  reason: "keep",
  unhandled_no: "keep",
  card: "keep",
});

export function alertOf(row: AlertTable): Alert {
  const card = JSON.parse(row.card) as AlertCard;
  return {
    alertId: row.alert_id,
    rule: row.rule_name,
    subject: row.subject,
    firing: row.firing === 1,
    since: row.since,
    endedAt: row.ended_at,
    ending: row.ending,
    openings: row.openings,
    version: row.version,
    handledVersion: row.handled_version,
    incidentId: row.incident_id,
    reason: row.reason,
    card: card.jobId === row.job_id ? card : { ...card, jobId: row.job_id },
  };
}

export async function alertsById(
  tx: Kysely<Database>,
  alertIds: readonly string[],
): Promise<readonly Alert[]> {
  if (alertIds.length === 0) return [];
  return (await alertRows(tx, padded(alertIds))).map(alertOf);
}

const alertRows = fixedQuery((db, alertIds: readonly string[]) =>
  db.selectFrom("alert").selectAll().where(inList("alert_id", alertIds)),
);

/** Which of these jobs have an alert that fires. */
export async function firingJobs(
  tx: Kysely<Database>,
  jobIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set();
  return new Set((await jobsThatFire(tx, padded(jobIds))).map((row) => row.job_id));
}

/** One index probe for each job, however many of its alerts fire. */
const jobsThatFire = fixedQuery((db, jobIds: readonly string[]) =>
  db
    .selectFrom("job as j")
    .select("j.job_id")
    .where(inList("j.job_id", jobIds))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("alert as a")
          .select("a.alert_id")
          .whereRef("a.job_id", "=", "j.job_id")
          .where("a.firing", "=", 1),
      ),
    ),
);

/** What fires of one instance of a job. */
export async function firingOfInstance(
  tx: Kysely<Database>,
  jobId: string,
  instanceKey: string,
): Promise<readonly Alert[]> {
  return (await rowsOfInstance(tx, [jobId, contentIdOf(instanceKey)])).map(alertOf);
}

const rowsOfInstance = fixedQuery((db, [jobId, instanceHash]: readonly [string, string]) =>
  db
    .selectFrom("alert")
    .selectAll()
    .where("job_id", "=", jobId)
    .where("firing", "=", 1)
    .where("instance_hash", "=", instanceHash),
);

/**
 * Joins a level with the stored alert and writes it; null when it says nothing new. Somebody else's change of the alert
 * in between is read and joined again.
 */
export async function writeLevel(
  tx: Kysely<Database>,
  known: Alert | null,
  level: AlertLevel,
): Promise<Alert | null> {
  let stored = known;
  for (;;) {
    const next = joinLevel(stored, level);
    if (next === null) return null;
    if (await writeAlert(tx, stored, next)) return next;
    stored = (await alertsById(tx, [next.alertId]))[0] ?? null;
  }
}

async function writeAlert(
  tx: Kysely<Database>,
  stored: Alert | null,
  next: Alert,
): Promise<boolean> {
  const place = await nextPlace(tx);
  if (stored === null) return (await writeAlertOnce.write(tx, rowOf(next, place))) > 0;
  const reopened = next.openings > stored.openings;
  const { numUpdatedRows } = await tx
    .updateTable("alert")
    .set((eb) => ({
      job_id: next.card.jobId,
      firing: next.firing ? 1 : 0,
      instance_hash: contentIdOf(next.card.instanceKey),
      since: next.since,
      ended_at: next.endedAt,
      ending: next.ending,
      openings: next.openings,
      version: next.version,
      card: JSON.stringify(next.card),
      // One that waits already keeps its place, or a busy alert would be put off for ever.
      unhandled_no: eb.fn.coalesce("unhandled_no", eb.val(place)),
      ...(reopened ? { incident_id: null, reason: null } : {}),
    }))
    .where("alert_id", "=", next.alertId)
    .where("version", "=", stored.version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Behind all that wait. Two writers at once may give one place twice: then their order is of no importance. */
export async function nextPlace(tx: Kysely<Database>): Promise<number> {
  const [last] = await lastPlace(tx, []);
  return (last?.place ?? 0) + 1;
}

const lastPlace = fixedQuery((db) =>
  db.selectFrom("alert").select((eb) => eb.fn.max("unhandled_no").as("place")),
);

function rowOf(alert: Alert, place: number): AlertTable {
  return {
    alert_id: alert.alertId,
    rule_name: alert.rule,
    subject: alert.subject,
    job_id: alert.card.jobId,
    firing: alert.firing ? 1 : 0,
    instance_hash: contentIdOf(alert.card.instanceKey),
    since: alert.since,
    ended_at: alert.endedAt,
    ending: alert.ending,
    openings: alert.openings,
    version: alert.version,
    handled_version: alert.handledVersion,
    incident_id: alert.incidentId,
    reason: alert.reason,
    unhandled_no: place,
    card: JSON.stringify(alert.card),
  };
}
