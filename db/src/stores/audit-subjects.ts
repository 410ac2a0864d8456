import type { AuditStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { incidentOf } from "./incident-rows.ts";

type Names = ReadonlyMap<string, string>;
type Look = (tx: Kysely<Database>, ids: readonly string[]) => Promise<Names>;

const LOOKS: Readonly<Record<string, Look>> = {
  job: async (tx, ids) => {
    const rows = await tx
      .selectFrom("job")
      .select(["job_id", "name"])
      .where(inList("job_id", ids))
      .execute();
    return new Map(rows.map((row) => [row.job_id, row.name]));
  },
  run: async (tx, ids) => {
    const rows = await tx
      .selectFrom("job_run as r")
      .innerJoin("job as j", "j.job_id", "r.job_id")
      .select(["r.execution_id", "r.run_key", "j.name"])
      .where(inList("r.execution_id", ids))
      .execute();
    return new Map(
      rows.map((row) => [row.execution_id, `${row.name} ${row.run_key ?? ""}`.trim()]),
    );
  },
  incident: async (tx, ids) => {
    const rows = await tx
      .selectFrom("incident")
      .select(["incident_id", "body"])
      .where(inList("incident_id", ids))
      .execute();
    return new Map(
      rows.map((row) => [row.incident_id, incidentOf(row).members[0]?.card.jobName ?? "incident"]),
    );
  },
  source: (tx, ids) => namesIn(tx, "source", "source_id", ids),
  user: (tx, ids) => namesIn(tx, "app_user", "user_id", ids),
  team: (tx, ids) => namesIn(tx, "team", "team_id", ids),
  webhook: (tx, ids) => namesIn(tx, "webhook", "webhook_id", ids),
  calendar: (tx, ids) => namesIn(tx, "calendar", "calendar_id", ids),
};

/** One query a kind, however many are asked for. */
export async function subjectNames(
  tx: Kysely<Database>,
  subjects: Parameters<AuditStore["subjectNames"]>[0],
): Promise<readonly (string | null)[]> {
  const ids = new Map<string, Set<string>>();
  for (const { kind, id } of subjects) {
    if (!Object.hasOwn(LOOKS, kind)) continue;
    ids.set(kind, (ids.get(kind) ?? new Set()).add(id));
  }
  const names = new Map<string, Names>();
  for (const [kind, wanted] of ids) {
    const found = await LOOKS[kind]?.(tx, [...wanted]);
    if (found !== undefined) names.set(kind, found);
  }
  return subjects.map(({ kind, id }) => names.get(kind)?.get(id) ?? null);
}

type Named =
  | ["source", "source_id"]
  | ["app_user", "user_id"]
  | ["team", "team_id"]
  | ["webhook", "webhook_id"]
  | ["calendar", "calendar_id"];

async function namesIn(
  tx: Kysely<Database>,
  ...[table, column, ids]: [...Named, readonly string[]]
): Promise<Names> {
  const rows = await tx
    .selectFrom(table as "source")
    .select([`${column as "source_id"} as id`, "name"])
    .where(inList(column, ids))
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
