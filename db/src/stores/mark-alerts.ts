import type { HandledAlert, Incident, UntoldReason } from "@batchwatch/engine";
import { sql, type Kysely, type RawBuilder } from "kysely";
import { fixedWrite } from "../dialects/fixed-query.ts";
import type { Database } from "../schema/database.ts";

/** Records that the incident has taken these alerts in. */
export async function takeInAlerts(
  tx: Kysely<Database>,
  { incidentId, members }: Incident,
  alerts: readonly HandledAlert[],
): Promise<void> {
  if (alerts.length === 0) return;
  const openings = new Map(members.map((member) => [member.alertId, member.openings]));
  for (const { alertId, handledVersion, reason } of alerts) {
    await takeIn(tx, [alertId, handledVersion, openings.get(alertId) ?? 0, incidentId, reason]);
  }
}

type TakenIn = readonly [
  alertId: string,
  handledVersion: number,
  /** As the incident knows it; 0: it does not keep this member. */
  openings: number,
  incidentId: string,
  reason: UntoldReason | null,
];

/** One that began anew since it was read stays without incident and reason: those are for who handles the new opening. */
const takeIn = fixedWrite((db, [alertId, version, openings, incidentId, reason]: TakenIn) => {
  const same = sql<boolean>`(openings = ${openings} or version = ${version})`;
  return db
    .updateTable("alert")
    .set({
      handled_version: version,
      incident_id: valueIf(same, incidentId, "incident_id"),
      reason: valueIf(same, reason, "reason"),
      unhandled_no: placeAfter(version),
    })
    .where("alert_id", "=", alertId)
    .where("handled_version", "<=", version);
});

/** Records that these are no incident's. */
export async function settleAlerts(
  tx: Kysely<Database>,
  alerts: readonly HandledAlert[],
): Promise<void> {
  for (const { alertId, handledVersion, reason } of alerts) {
    await settle(tx, [alertId, handledVersion, reason]);
  }
}

type Settled = readonly [alertId: string, handledVersion: number, reason: UntoldReason | null];

const settle = fixedWrite((db, [alertId, version, reason]: Settled) =>
  db
    .updateTable("alert")
    .set({
      handled_version: version,
      reason: valueIf(sql<boolean>`version = ${version}`, reason, "reason"),
      unhandled_no: placeAfter(version),
    })
    .where("alert_id", "=", alertId)
    .where("handled_version", "<", version),
);

function valueIf<T extends string | null>(
  same: RawBuilder<boolean>,
  value: T,
  column: string,
): RawBuilder<T> {
  return sql<T>`case when ${same} then ${value} else ${sql.ref(column)} end`;
}

/** Its place among the unhandled ones goes, unless it has changed again. */
function placeAfter(version: number): RawBuilder<number | null> {
  return sql`case when version <= ${version} then null else unhandled_no end`;
}
