import { alertIdOf, type Alert, type AlertLevel, type AlertStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { alertOf, alertsById, writeLevel } from "./alert-rows.ts";
import { settleAlerts } from "./mark-alerts.ts";

export function alertStore(db: Kysely<Database>): AlertStore {
  return {
    report: (levels) => db.transaction().execute((tx) => report(tx, levels)),
    async unhandled(limit) {
      const rows = await db
        .selectFrom("alert")
        .selectAll()
        .where("unhandled_no", ">", 0)
        .orderBy("unhandled_no")
        .orderBy("alert_id")
        .limit(limit)
        .execute();
      return rows.map(alertOf);
    },
    async unexplained(limit) {
      const rows = await db
        .selectFrom("alert")
        .selectAll()
        .where("firing", "=", 1)
        .where("incident_id", "is", null)
        .where("reason", "is", null)
        .orderBy("alert_id")
        .limit(limit)
        .execute();
      return rows.map(alertOf);
    },
    settle: (alerts) => db.transaction().execute((tx) => settleAlerts(tx, alerts)),
    async firingOf(incidentId, limit) {
      const rows = await db
        .selectFrom("alert")
        .selectAll()
        .where("firing", "=", 1)
        .where("incident_id", "=", incidentId)
        .orderBy("since")
        .orderBy("alert_id")
        .limit(limit)
        .execute();
      return rows.map(alertOf);
    },
    ofIds: (alertIds) => alertsById(db, alertIds),
    get: async (alertId) => (await alertsById(db, [alertId]))[0] ?? null,
  };
}

/** Two levels of one alert are joined one after the other; the alert is answered once, as it stands in the end. */
async function report(
  tx: Kysely<Database>,
  levels: readonly AlertLevel[],
): Promise<readonly Alert[]> {
  const ids = levels.map(({ rule, subject }) => alertIdOf(rule, subject));
  const stored = new Map((await alertsById(tx, ids)).map((alert) => [alert.alertId, alert]));
  const changed = new Map<string, Alert>();
  for (const [index, level] of levels.entries()) {
    const alertId = ids[index] ?? "";
    const next = await writeLevel(tx, stored.get(alertId) ?? null, level);
    if (next === null) continue;
    stored.set(alertId, next);
    changed.set(alertId, next);
  }
  return [...changed.values()];
}
