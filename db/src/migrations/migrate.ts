import { DEFAULT_MIGRATION_TABLE, Migrator, sql, type Kysely, type Migration } from "kysely";
import * as service from "./0001-service.ts";
import * as people from "./0002-people.ts";
import * as sources from "./0003-sources.ts";
import * as jobs from "./0004-jobs.ts";
import * as runs from "./0005-runs.ts";
import * as lineage from "./0006-lineage.ts";
import * as deadLetters from "./0007-dead-letters.ts";
import * as settings from "./0008-settings.ts";
import * as calendars from "./0009-calendars.ts";
import * as blindIntervals from "./0010-blind-intervals.ts";
import * as alerts from "./0011-alerts.ts";
import * as incidents from "./0012-incidents.ts";
import * as notifications from "./0013-notifications.ts";
import * as receivers from "./0014-receivers.ts";
import * as jobDatasets from "./0015-job-datasets.ts";
import * as audit from "./0016-audit.ts";
import * as sessions from "./0017-sessions.ts";
import * as changeRequests from "./0018-change-requests.ts";
import * as masking from "./0019-masking.ts";
import * as privacy from "./0020-privacy.ts";
import * as sessionBelongings from "./0021-session-belongings.ts";
import * as trail from "./0022-trail.ts";
import * as pushZone from "./0023-push-zone.ts";
import * as savedPositions from "./0024-saved-positions.ts";
import { SchemaError } from "./schema-error.ts";

/** All migrations in order. Forward only; a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-service": service,
  "0002-people": people,
  "0003-sources": sources,
  "0004-jobs": jobs,
  "0005-runs": runs,
  "0006-lineage": lineage,
  "0007-dead-letters": deadLetters,
  "0008-settings": settings,
  "0009-calendars": calendars,
  "0010-blind-intervals": blindIntervals,
  "0011-alerts": alerts,
  "0012-incidents": incidents,
  "0013-notifications": notifications,
  "0014-receivers": receivers,
  "0015-job-datasets": jobDatasets,
  "0016-audit": audit,
  "0017-sessions": sessions,
  "0018-change-requests": changeRequests,
  "0019-masking": masking,
  "0020-privacy": privacy,
  "0021-session-belongings": sessionBelongings,
  "0022-trail": trail,
  "0023-push-zone": pushZone,
  "0024-saved-positions": savedPositions,
};

/** Brings a database to this program's schema. Fails with `schema_newer` before it changes anything. */
export async function migrateToLatest<T>(db: Kysely<T>): Promise<void> {
  refuseNewer(await executedMigrations(db));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** For connections that cannot migrate: fails with `schema_newer` or `schema_older`. */
export async function requireLatest<T>(db: Kysely<T>): Promise<void> {
  const executed = await executedMigrations(db);
  refuseNewer(executed);
  const missing = Object.keys(MIGRATIONS).find((name) => !executed.includes(name));
  if (missing === undefined) return;
  throw new SchemaError(
    "schema_older",
    `The database lacks migration ${missing}; open it once for writing to migrate it.`,
  );
}

async function executedMigrations<T>(db: Kysely<T>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(db);
  return rows.map((row) => row.name);
}

function refuseNewer(executed: readonly string[]): void {
  const unknown = executed.find((name) => !(name in MIGRATIONS));
  if (unknown === undefined) return;
  throw new SchemaError(
    "schema_newer",
    `The database was made by a newer Batchwatch: it holds migration ${unknown}, this program knows ` +
      `up to ${Object.keys(MIGRATIONS).at(-1)}. Install that newer version, or restore a backup taken before it.`,
  );
}
