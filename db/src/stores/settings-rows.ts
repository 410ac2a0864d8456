import {
  CADENCES,
  DEFAULT_CLOCKS,
  StoreError,
  type JobSettings,
  type Schedule,
} from "@batchwatch/engine";
import type { Kysely, SelectQueryBuilder } from "kysely";
import type { Database } from "../schema/database.ts";
import type { JobTable } from "../schema/job-tables.ts";
import type { JobClockTable, JobScheduleTable } from "../schema/settings-tables.ts";

const SELECTED = [
  "j.job_id",
  "j.source_id",
  "j.namespace",
  "j.name",
  "j.owner_team_id",
  "j.owned_since",
  "j.tier",
  "j.lifecycle",
  "j.monitored",
  "j.cadence",
  "j.calendar_id",
  "j.free_day_rule",
  "j.business_name",
  "j.runbook_url",
  "j.first_step",
  "j.settings_version",
  "j.retired_from",
  "s.expression",
  "s.zone",
  "s.origin",
  "s.since",
  "c.start_grace_ms",
  "c.run_budget_ms",
  "c.minimum_duration_ms",
  "c.heartbeat_ms",
] as const;

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** A job's own columns beside its schedule and clocks, which may be missing. */
export type SettingsRow = Pick<
  JobTable,
  | "job_id"
  | "source_id"
  | "namespace"
  | "name"
  | "owner_team_id"
  | "owned_since"
  | "tier"
  | "lifecycle"
  | "monitored"
  | "cadence"
  | "calendar_id"
  | "free_day_rule"
  | "business_name"
  | "runbook_url"
  | "first_step"
  | "settings_version"
  | "retired_from"
> &
  Nullable<Omit<JobScheduleTable, "job_id">> &
  Nullable<Omit<JobClockTable, "job_id">>;

type SettingsQuery = SelectQueryBuilder<
  Database & {
    readonly j: JobTable;
    readonly s: Nullable<JobScheduleTable>;
    readonly c: Nullable<JobClockTable>;
  },
  "j" | "s" | "c",
  SettingsRow
>;

export function settingsQuery(db: Kysely<Database>): SettingsQuery {
  return db
    .selectFrom("job as j")
    .leftJoin("job_schedule as s", "s.job_id", "j.job_id")
    .leftJoin("job_clock as c", "c.job_id", "j.job_id")
    .select(SELECTED);
}

/** Fails with `not_found`. */
export async function requireSettings(tx: Kysely<Database>, jobId: string): Promise<SettingsRow> {
  const row = await settingsQuery(tx).where("j.job_id", "=", jobId).executeTakeFirst();
  if (row !== undefined) return row;
  throw new StoreError("not_found", `jobId: no job has id "${jobId}".`);
}

export function settingsOf(row: SettingsRow): JobSettings {
  return {
    jobId: row.job_id,
    name: row.name,
    namespace: row.namespace ?? "",
    ownerTeamId: row.owned_since === null ? null : row.owner_team_id,
    tier: row.tier,
    firstStep: row.first_step,
    runbookUrl: row.runbook_url,
    lifecycle: row.lifecycle,
    monitored: row.monitored === 1,
    cadence: CADENCES.find((cadence) => cadence === row.cadence) ?? null,
    schedule: scheduleOf(row),
    clocks: {
      ...DEFAULT_CLOCKS,
      startGraceMs: row.start_grace_ms,
      runBudgetMs: row.run_budget_ms,
      minimumDurationMs: row.minimum_duration_ms,
      heartbeatMs: row.heartbeat_ms,
    },
  };
}

function scheduleOf(row: SettingsRow): Schedule | null {
  const { expression, zone, origin, since } = row;
  if (expression === null || zone === null || origin === null || since === null) return null;
  return {
    expression,
    zone,
    calendarId: row.calendar_id,
    freeDayRule: row.free_day_rule,
    origin,
    since,
  };
}
