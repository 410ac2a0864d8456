import type { ChangeAuthor, JobSettings, SettingsStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { readChanges } from "./change-log.ts";
import { once } from "./command-once.ts";
import { configureJob } from "./configure-job.ts";
import { renameJob } from "./rename-job.ts";
import { assignJob, nextRetirement, retireDue, retireJob } from "./retire-job.ts";
import { requireSettings, settingsOf, settingsQuery } from "./settings-rows.ts";
import { readVersion } from "./settings-version.ts";

export function settingsStore(db: Kysely<Database>): SettingsStore {
  /** One transaction: the change unless the command was carried out before, and the settings after it. */
  const change = (
    action: string,
    jobId: string,
    by: ChangeAuthor,
    now: number,
    work: (tx: Kysely<Database>) => Promise<void>,
  ): Promise<JobSettings> =>
    db.transaction().execute((tx) =>
      once(tx, by, `${action} ${jobId}`, now, async () => {
        await work(tx);
        return settingsOf(await requireSettings(tx, jobId));
      }),
    );
  return {
    version: () => readVersion(db, "settings_version"),
    changedSince: (version) => db.transaction().execute((tx) => changedSince(tx, version)),
    async get(jobId) {
      const row = await settingsQuery(db).where("j.job_id", "=", jobId).executeTakeFirst();
      return row === undefined ? null : settingsOf(row);
    },
    configure: (jobId, given, by, now) =>
      change("configure", jobId, by, now, (tx) => configureJob(tx, jobId, given, by, now)),
    rename: (jobId, to, by, now) =>
      change("rename", jobId, by, now, (tx) => renameJob(tx, jobId, to, by, now)),
    retire: (jobId, from, by, now) =>
      change("retire", jobId, by, now, (tx) => retireJob(tx, jobId, from, by, now)),
    assign: (jobId, teamId, by, now) =>
      change("assign", jobId, by, now, (tx) => assignJob(tx, jobId, teamId, by, now)),
    changes: (jobId, limit) => readChanges(db, jobId, limit),
    async aliases() {
      const rows = await db
        .selectFrom("job_alias")
        .select(["alias_id", "job_id", "source_id", "valid_from", "aliased_at"])
        .whereRef("alias_id", "<>", "job_id")
        .execute();
      return rows.map((row) => ({
        sourceId: row.source_id,
        aliasId: row.alias_id,
        jobId: row.job_id,
        since: row.aliased_at ?? row.valid_from,
      }));
    },
    nextRetirement: () => nextRetirement(db),
    retireDue: (now) => db.transaction().execute((tx) => retireDue(tx, now)),
  };
}

/** Each change has a version of its own, so a page never ends between two jobs of one version. */
async function changedSince(
  tx: Kysely<Database>,
  version: number,
): Promise<Awaited<ReturnType<SettingsStore["changedSince"]>>> {
  const rows = await settingsQuery(tx)
    .where("j.settings_version", ">", version)
    .orderBy("j.settings_version")
    .limit(DB_LIMITS.settingsPage)
    .execute();
  const full = rows.length === DB_LIMITS.settingsPage;
  const last = rows.at(-1)?.settings_version ?? version;
  return {
    version: full ? last : Math.max(last, await readVersion(tx, "settings_version")),
    settings: rows.map(settingsOf),
  };
}
