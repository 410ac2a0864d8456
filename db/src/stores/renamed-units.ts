import type { AlertLevel, RunSave, Unit } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedQuery } from "../dialects/fixed-query.ts";
import { inList, padded } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";

/** What renames mean for the units of one piece. */
export interface Renames {
  /** Jobs that became part of another one, with that one's id. */
  readonly into: ReadonlyMap<string, string>;
  /** Jobs that such facts may come to: memory may hold less of their runs than the store does. */
  readonly targets: ReadonlySet<string>;
}

const aliasesOf = fixedQuery((db, ids: readonly string[]) =>
  db
    .selectFrom("job_alias")
    .select(["alias_id", "job_id"])
    .where((eb) => eb.or([inList("alias_id", ids), inList("job_id", ids)]))
    .whereRef("alias_id", "<>", "job_id"),
);

/** Looks up the piece's jobs among the aliases: two index reads for a piece that no rename concerns. */
export async function renamesOf(tx: Kysely<Database>, units: readonly Unit[]): Promise<Renames> {
  const ids = new Set<string>();
  for (const unit of units) {
    if (unit.job !== null) ids.add(unit.job.jobId);
    for (const run of unit.runs) ids.add(run.columns.jobId);
  }
  const into = new Map<string, string>();
  const targets = new Set<string>();
  if (ids.size === 0) return { into, targets };
  for (const { alias_id, job_id } of await aliasesOf(tx, padded([...ids]))) {
    into.set(alias_id, job_id);
    targets.add(job_id);
  }
  return { into, targets };
}

/**
 * The unit as it is to be written. A job that is part of another one has no row and no state any more, so
 * that facts which were on their way when it was renamed do not bring it back; its runs are the other's.
 */
export function renamedUnit(unit: Unit, renames: Renames): Unit {
  if (renames.into.size === 0) return unit;
  const gone = unit.job !== null && renames.into.has(unit.job.jobId);
  return {
    ...unit,
    job: gone ? null : unit.job,
    runs: unit.runs.map((run) => moved(run, renames)),
    ...(unit.alerts && { alerts: unit.alerts.map((level) => movedLevel(level, renames)) }),
  };
}

/** The job that a unit is about, as it is written; null where it is about none. */
export function jobOfUnit(unit: Unit, { into }: Renames): string | null {
  const jobId = unit.job?.jobId ?? unit.runs[0]?.columns.jobId;
  return jobId === undefined ? null : (into.get(jobId) ?? jobId);
}

function moved(run: RunSave, { into }: Renames): RunSave {
  const jobId = into.get(run.columns.jobId);
  return jobId === undefined ? run : { ...run, columns: { ...run.columns, jobId } };
}

function movedLevel(level: AlertLevel, { into }: Renames): AlertLevel {
  if (!level.holds) return level;
  const jobId = into.get(level.card.jobId ?? "");
  return jobId === undefined ? level : { ...level, card: { ...level.card, jobId } };
}
