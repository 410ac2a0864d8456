import type { HandledAlert, Incident } from "@batchwatch/engine";
import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Database } from "../schema/database.ts";

/**
 * Records that the incident has taken these alerts in. One that began anew since its member was read stays without
 * incident and reason: those are for whoever handles the new opening.
 */
export async function takeInAlerts(
  tx: Kysely<Database>,
  { incidentId, members }: Incident,
  alerts: readonly HandledAlert[],
): Promise<void> {
  if (alerts.length === 0) return;
  const openings = new Map(members.map((member) => [member.alertId, member.openings]));
  for (const { alertId, handledVersion, reason } of alerts) {
    const same = sql<boolean>`(openings = ${openings.get(alertId) ?? 0} or version = ${handledVersion})`;
    await tx
      .updateTable("alert")
      .set({
        handled_version: handledVersion,
        incident_id: valueIf(same, incidentId, "incident_id"),
        reason: valueIf(same, reason, "reason"),
        unhandled_no: waiting(handledVersion),
      })
      .where("alert_id", "=", alertId)
      .where("handled_version", "<=", handledVersion)
      .execute();
  }
}

/** Records that these are no incident's. */
export async function settleAlerts(
  tx: Kysely<Database>,
  alerts: readonly HandledAlert[],
): Promise<void> {
  for (const { alertId, handledVersion, reason } of alerts) {
    const same = sql<boolean>`version = ${handledVersion}`;
    await tx
      .updateTable("alert")
      .set({
        handled_version: handledVersion,
        reason: valueIf(same, reason, "reason"),
        unhandled_no: waiting(handledVersion),
      })
      .where("alert_id", "=", alertId)
      .where("handled_version", "<", handledVersion)
      .execute();
  }
}

function valueIf<T extends string | null>(
  same: RawBuilder<boolean>,
  value: T,
  column: string,
): RawBuilder<T> {
  return sql<T>`case when ${same} then ${value} else ${sql.ref(column)} end`;
}

/** Its place among the unhandled ones goes, unless it has changed again. */
function waiting(handledVersion: number): RawBuilder<number | null> {
  return sql`case when version <= ${handledVersion} then null else unhandled_no end`;
}
