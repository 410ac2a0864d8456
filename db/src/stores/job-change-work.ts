import { type Fields, type Json, namedFields } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { ChangeSubject, ChangeWork } from "./change-work.ts";
import { configureJob, requireCalendar } from "./configure-job.ts";
import { renameJob, takenIn } from "./rename-job.ts";
import { assignJob, requireTeam, retireJob } from "./retire-job.ts";
import { requireSettings, type SettingsRow } from "./settings-rows.ts";

/** A job's row as the fields of a change have it (engine/src/approvals/standing.ts). */
const VALUE_OF: Readonly<Record<string, (row: SettingsRow) => Json>> = {
  tier: (row) => row.tier,
  monitored: (row) => row.monitored === 1,
  businessName: (row) => row.business_name,
  runbookUrl: (row) => row.runbook_url,
  firstStep: (row) => row.first_step,
  cadence: (row) => row.cadence,
  schedule: scheduleOf,
  "clocks.startGraceMs": (row) => row.start_grace_ms,
  "clocks.runBudgetMs": (row) => row.run_budget_ms,
  "clocks.minimumDurationMs": (row) => row.minimum_duration_ms,
  "clocks.heartbeatMs": (row) => row.heartbeat_ms,
};

export const configureWork: ChangeWork<"job-configure"> = {
  async look(tx, { jobId, change }) {
    const row = await requireSettings(tx, jobId);
    const calendarId = change.schedule?.calendarId ?? null;
    if (calendarId !== null) await requireCalendar(tx, calendarId);
    const fields: Record<string, Json> = {};
    for (const field of namedFields(change)) fields[field] = VALUE_OF[field]?.(row) ?? null;
    return { subject: subjectOf(row), standing: { fields, context: contextOf(row) } };
  },
  apply: (tx, { jobId, change }, _subjectId, by, now) => configureJob(tx, jobId, change, by, now),
};

export const renameWork: ChangeWork<"job-rename"> = {
  async look(tx, { jobId, ...to }) {
    const row = await requireSettings(tx, jobId);
    const other = await takenIn(tx, row, to);
    const joins =
      other === null ? null : { jobId: other.job_id, name: other.name, team: other.owner_team_id };
    return {
      subject: subjectOf(row),
      standing: {
        fields: { name: row.name, namespace: row.namespace ?? "" },
        context: { ...contextOf(row), joins },
      },
    };
  },
  apply: (tx, { jobId, ...to }, _subjectId, by, now) => renameJob(tx, jobId, to, by, now),
};

export const retireWork: ChangeWork<"job-retire"> = {
  look: (tx, { jobId }) => ofJob(tx, jobId, (row) => ({ retiredFrom: row.retired_from })),
  apply: (tx, { jobId, from }, _subjectId, by, now) => retireJob(tx, jobId, from, by, now),
};

export const assignWork: ChangeWork<"job-assign"> = {
  async look(tx, { jobId, teamId }) {
    if (teamId !== null) await requireTeam(tx, teamId);
    return ofJob(tx, jobId, (row) => ({
      owner: row.owned_since === null ? null : row.owner_team_id,
    }));
  },
  apply: (tx, { jobId, teamId, formerTeamId }, _subjectId, by, now) =>
    assignJob(tx, jobId, teamId, by, now, formerTeamId),
};

async function ofJob(
  tx: Kysely<Database>,
  jobId: string,
  fieldsOf: (row: SettingsRow) => Fields,
): ReturnType<ChangeWork<"job-retire">["look"]> {
  const row = await requireSettings(tx, jobId);
  return {
    subject: subjectOf(row),
    standing: { fields: fieldsOf(row), context: contextOf(row) },
  };
}

function subjectOf({ job_id, name, owner_team_id }: SettingsRow): ChangeSubject {
  return { kind: "job", id: job_id, name, teamId: owner_team_id };
}

/** Whose job it is decides who may approve. */
function contextOf({ owner_team_id }: SettingsRow): Fields {
  return { team: owner_team_id };
}

function scheduleOf(row: SettingsRow): Json {
  const { expression, zone } = row;
  if (expression === null || zone === null) return null;
  return { expression, zone, calendarId: row.calendar_id, freeDayRule: row.free_day_rule };
}
