import { StoreError, type NewSource, type Source, type SourceStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { fixedWrite } from "../dialects/fixed-query.ts";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { SourceTable } from "../schema/source-tables.ts";
import { bumpIdentity } from "./identity-version.ts";
import { checkedName } from "./names.ts";
import { maskingMethods } from "./masking-store.ts";
import { newId } from "./new-id.ts";
import { ensureTeam } from "./people-rows.ts";
import { rejectionMethods } from "./rejection-store.ts";

/** What a new source has until somebody changes it. */
const NEW_DAY_TIME = "00:00";
const BUSINESS_DATE_PARAMS = ["businessDate", "asOfDate", "cobDate", "run.date"];

const writeSourceOnce = rowWriter("source", ["name"], {
  source_id: "keep",
  name: "keep",
  contract: "keep",
  environment: "keep",
  zone: "keep",
  new_day_time: "keep",
  business_date_params: "keep",
  paging_mode: "keep",
  recovery_recipe: "keep",
  team_id: "keep",
  key_hash: "keep",
  created_at: "keep",
  last_seen_at: "keep",
});

export function sourceStore(db: Kysely<Database>): SourceStore {
  return {
    ...rejectionMethods(db),
    ...maskingMethods(db),
    async all() {
      const rows = await db.selectFrom("source").selectAll().orderBy("name").execute();
      return rows.map((row) => ({
        ...sourceOf(row),
        keyHash: row.key_hash,
        lastSeenAt: row.last_seen_at,
      }));
    },
    add: (source, now) => db.transaction().execute((tx) => addSource(tx, source, now)),
    touch: (seen) => db.transaction().execute((tx) => touch(tx, seen)),
  };
}

/** @param sourceId a new one, unless it was given to whoever asked for the source */
export async function addSource(
  tx: Kysely<Database>,
  source: NewSource,
  now: number,
  sourceId: string = newId(now),
): Promise<Source> {
  const name = checkedName("name", source.name);
  const teamId =
    source.teamName === null ? null : await ensureTeam(tx, "team", source.teamName, now);
  const row: SourceTable = {
    source_id: sourceId,
    name,
    contract: source.contract,
    environment: source.environment,
    zone: source.zone,
    new_day_time: NEW_DAY_TIME,
    business_date_params: JSON.stringify(BUSINESS_DATE_PARAMS),
    paging_mode: source.pagingMode,
    recovery_recipe: null,
    team_id: teamId,
    key_hash: source.keyHash,
    created_at: now,
    last_seen_at: null,
  };
  if ((await writeSourceOnce.write(tx, row)) === 0) {
    throw new StoreError("name_taken", `name: a source "${name}" exists; choose another name.`);
  }
  await bumpIdentity(tx);
  return sourceOf(row);
}

/** Signs of life only grow. They are no change of configuration, so the version stays. */
async function touch(
  tx: Kysely<Database>,
  seen: readonly { sourceId: string; lastSeenAt: number }[],
): Promise<void> {
  for (const { sourceId, lastSeenAt } of seen) await touchOne(tx, [sourceId, lastSeenAt]);
}

const touchOne = fixedWrite((db, [sourceId, lastSeenAt]: readonly [string, number]) =>
  db
    .updateTable("source")
    .set({ last_seen_at: lastSeenAt })
    .where("source_id", "=", sourceId)
    .where((eb) => eb.or([eb("last_seen_at", "is", null), eb("last_seen_at", "<", lastSeenAt)])),
);

function sourceOf(row: SourceTable): Source {
  return {
    sourceId: row.source_id,
    name: row.name,
    contract: row.contract,
    environment: row.environment,
    zone: row.zone,
    newDayTime: row.new_day_time,
    businessDateParams: namesIn(row.business_date_params),
    pagingMode: row.paging_mode,
    recoveryRecipe: row.recovery_recipe,
    teamId: row.team_id,
    createdAt: row.created_at,
  };
}

function namesIn(text: string): string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
}
