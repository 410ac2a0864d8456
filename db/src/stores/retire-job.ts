import { StoreError, type ChangeAuthor, type Lifecycle } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { recordChange, type FieldChange } from "./change-log.ts";
import { retireAlerts } from "./save-alerts.ts";
import { requireSettings } from "./settings-rows.ts";

/** Who carries out what was planned for a date. */
const PLANNED: ChangeAuthor = { userId: "batchwatch", name: "batchwatch" };

/** The lifecycle follows at once when the date has come, else `retireDue` lets it follow. */
export async function retireJob(
  tx: Kysely<Database>,
  jobId: string,
  from: number | null,
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  const job = await requireSettings(tx, jobId);
  const due = from !== null && from <= now;
  const lifecycle = due ? "RETIRED" : await livingLifecycle(tx, jobId, job.lifecycle);
  const changes: FieldChange[] = [];
  if (job.retired_from !== from) {
    changes.push({ field: "retiredFrom", before: dayOf(job.retired_from), after: dayOf(from) });
  }
  if (job.lifecycle !== lifecycle) {
    changes.push({ field: "lifecycle", before: job.lifecycle, after: lifecycle });
  }
  if (changes.length === 0) return;
  await recordChange(tx, jobId, { retired_from: from, lifecycle }, changes, by, now);
  if (due) await retireAlerts(tx, jobId, now);
}

export async function nextRetirement(db: Kysely<Database>): Promise<number | null> {
  const row = await db
    .selectFrom("job")
    .select((eb) => eb.fn.min("retired_from").as("next"))
    .where("retired_from", "is not", null)
    .where("lifecycle", "<>", "RETIRED")
    .executeTakeFirst();
  return row?.next ?? null;
}

export async function retireDue(tx: Kysely<Database>, now: number): Promise<void> {
  const due = await tx
    .selectFrom("job")
    .select(["job_id", "lifecycle"])
    .where("retired_from", "<=", now)
    .where("lifecycle", "<>", "RETIRED")
    .execute();
  for (const { job_id, lifecycle } of due) {
    const change = { field: "lifecycle", before: lifecycle, after: "RETIRED" };
    await recordChange(tx, job_id, { lifecycle: "RETIRED" }, [change], PLANNED, now);
    await retireAlerts(tx, job_id, now);
  }
}

/** What a retired job was before; its own history knows. */
async function livingLifecycle(
  tx: Kysely<Database>,
  jobId: string,
  current: Lifecycle,
): Promise<Lifecycle> {
  if (current !== "RETIRED") return current;
  const last = await tx
    .selectFrom("job_change")
    .select("value_before")
    .where("job_id", "=", jobId)
    .where("field", "=", "lifecycle")
    .where("value_after", "=", "RETIRED")
    .orderBy("change_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.value_before === "LIVE" ? "LIVE" : "WATCHING";
}

/** Null hands the job back to what facts say of its owner; until they do, it is `formerTeamId`'s, or stays where it is. */
export async function assignJob(
  tx: Kysely<Database>,
  jobId: string,
  teamId: string | null,
  by: ChangeAuthor,
  now: number,
  formerTeamId?: string,
): Promise<void> {
  const job = await requireSettings(tx, jobId);
  const before = job.owned_since === null ? null : job.owner_team_id;
  if (before === teamId) return;
  const change = {
    field: "owner",
    before: before ?? `${job.owner_team_id} (by facts)`,
    after: teamId,
  };
  if (teamId === null) {
    const former = formerTeamId === undefined ? {} : { owner_team_id: formerTeamId };
    await recordChange(tx, jobId, { ...former, owned_since: null }, [change], by, now);
    return;
  }
  await requireTeam(tx, teamId);
  const columns = { owner_team_id: teamId, owned_since: now };
  await recordChange(tx, jobId, columns, [change], by, now);
}

/** Fails with `unknown_team`. */
export async function requireTeam(tx: Kysely<Database>, teamId: string): Promise<void> {
  const team = await tx
    .selectFrom("team")
    .select("team_id")
    .where("team_id", "=", teamId)
    .executeTakeFirst();
  if (team !== undefined) return;
  throw new StoreError("unknown_team", `teamId: there is no team "${teamId}".`);
}

function dayOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
