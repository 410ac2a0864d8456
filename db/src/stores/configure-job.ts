import {
  StoreError,
  type ChangeAuthor,
  type ClockSettings,
  type ScheduleChange,
  type SettingsChange,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { JobClockTable } from "../schema/settings-tables.ts";
import { recordChange, type FieldChange, type SetColumns } from "./change-log.ts";
import { retireAlerts } from "./save-alerts.ts";
import { requireSettings, type SettingsRow } from "./settings-rows.ts";

const writeSchedule = rowWriter("job_schedule", ["job_id"], {
  job_id: "keep",
  expression: "replace",
  zone: "replace",
  origin: "replace",
  since: "replace",
});

const writeClocks = rowWriter("job_clock", ["job_id"], {
  job_id: "keep",
  start_grace_ms: "replace",
  run_budget_ms: "replace",
  minimum_duration_ms: "replace",
  heartbeat_ms: "replace",
});

const CLOCK_COLUMNS = {
  startGraceMs: "start_grace_ms",
  runBudgetMs: "run_budget_ms",
  minimumDurationMs: "minimum_duration_ms",
  heartbeatMs: "heartbeat_ms",
} as const satisfies Record<keyof ClockSettings, keyof JobClockTable>;

type Value = string | number | null;

/** Writes and records the fields that differ from what is stored; a change of nothing leaves no trace. */
export async function configureJob(
  tx: Kysely<Database>,
  jobId: string,
  change: SettingsChange,
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  const row = await requireSettings(tx, jobId);
  const changes: FieldChange[] = [];
  const differs = (field: string, before: Value, after: Value): boolean => {
    if (before === after) return false;
    changes.push({ field, before: textOf(before), after: textOf(after) });
    return true;
  };
  const columns = changedColumns(row, change, differs);
  if (change.clocks !== undefined) await setClocks(tx, row, change.clocks, differs);
  if (change.schedule !== undefined) {
    Object.assign(columns, await setSchedule(tx, row, change.schedule, differs, now));
  }
  if (changes.length > 0) await recordChange(tx, jobId, columns, changes, by, now);
  if (columns.monitored === 0) await retireAlerts(tx, jobId, now);
}

type Differs = (field: string, before: Value, after: Value) => boolean;
type Writable = { -readonly [K in keyof SetColumns]: SetColumns[K] };

function changedColumns(row: SettingsRow, change: SettingsChange, differs: Differs): Writable {
  const columns: Writable = {};
  if (change.tier !== undefined && differs("tier", row.tier, change.tier)) {
    columns.tier = change.tier;
  }
  if (change.monitored !== undefined) {
    const monitored = change.monitored ? 1 : 0;
    if (row.monitored !== monitored) {
      differs("monitored", row.monitored === 1 ? "yes" : "no", change.monitored ? "yes" : "no");
      columns.monitored = monitored;
    }
  }
  const texts = [
    ["businessName", "business_name"],
    ["runbookUrl", "runbook_url"],
    ["firstStep", "first_step"],
    ["cadence", "cadence"],
  ] as const;
  for (const [field, column] of texts) {
    const given = change[field];
    if (given === undefined) continue;
    const value = given === "" ? null : given;
    if (differs(field, row[column], value)) columns[column] = value;
  }
  return columns;
}

async function setClocks(
  tx: Kysely<Database>,
  row: SettingsRow,
  clocks: NonNullable<SettingsChange["clocks"]>,
  differs: Differs,
): Promise<void> {
  const next: { -readonly [K in keyof JobClockTable]: JobClockTable[K] } = {
    job_id: row.job_id,
    start_grace_ms: row.start_grace_ms,
    run_budget_ms: row.run_budget_ms,
    minimum_duration_ms: row.minimum_duration_ms,
    heartbeat_ms: row.heartbeat_ms,
  };
  let changed = false;
  for (const name of Object.keys(CLOCK_COLUMNS) as (keyof ClockSettings)[]) {
    const given = clocks[name];
    const column = CLOCK_COLUMNS[name];
    if (given === undefined || !differs(`clocks.${name}`, row[column], given)) continue;
    next[column] = given;
    changed = true;
  }
  if (changed) await writeClocks.write(tx, next);
}

/** A schedule says nothing about the time before it was given: what moves its occurrences begins anew. */
async function setSchedule(
  tx: Kysely<Database>,
  row: SettingsRow,
  schedule: ScheduleChange | null,
  differs: Differs,
  now: number,
): Promise<SetColumns> {
  const before = scheduleText(row);
  if (schedule === null) {
    if (!differs("schedule", before, null)) return {};
    await tx.deleteFrom("job_schedule").where("job_id", "=", row.job_id).execute();
    return { calendar_id: null, free_day_rule: "RUN" };
  }
  const calendarId = schedule.calendarId ?? null;
  const rule = schedule.freeDayRule ?? "RUN";
  if (calendarId !== null) await requireCalendar(tx, calendarId);
  const after = partsText(schedule.expression, schedule.zone, calendarId, rule);
  if (!differs("schedule", before, after)) return {};
  const same =
    row.since !== null && row.expression === schedule.expression && row.zone === schedule.zone;
  await writeSchedule.write(tx, {
    job_id: row.job_id,
    expression: schedule.expression,
    zone: schedule.zone,
    origin: "SET",
    since: same ? row.since : now,
  });
  return { calendar_id: calendarId, free_day_rule: rule };
}

/** Fails with `unknown_calendar`. */
export async function requireCalendar(tx: Kysely<Database>, calendarId: string): Promise<void> {
  const found = await tx
    .selectFrom("calendar")
    .select("calendar_id")
    .where("calendar_id", "=", calendarId)
    .executeTakeFirst();
  if (found !== undefined) return;
  throw new StoreError(
    "unknown_calendar",
    `schedule.calendarId: there is no calendar "${calendarId}"; import it first, or leave it out.`,
  );
}

function scheduleText(row: SettingsRow): string | null {
  if (row.expression === null || row.zone === null) return null;
  return partsText(row.expression, row.zone, row.calendar_id, row.free_day_rule);
}

function partsText(expression: string, zone: string, calendarId: string | null, rule: string) {
  return [expression, zone, ...(calendarId === null ? [] : [`${calendarId}:${rule}`])].join(" ");
}

function textOf(value: Value): string | null {
  return value === null ? null : String(value);
}
