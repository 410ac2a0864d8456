import { type PrunedPiece, type PruneStep, SERVICE_TEAM_ID } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { incidentOf } from "./incident-rows.ts";

const KIND = "old-incidents";
type Tx = Kysely<Database>;

/** Resolved incidents with their timeline, and alerts that are over. What happened to one lately (a comment) keeps it. */
export async function pruneIncidents(tx: Tx, step: PruneStep): Promise<PrunedPiece> {
  const rows = await oldIncidents(tx, step, null);
  const removed = await remove(tx, rows, step.before);
  const alerts = await pruneAlerts(tx, step);
  const piece = pieceOf(rows, step, removed + alerts);
  // Alerts have no place to go on from: the oldest are always first.
  return alerts < step.limit ? piece : { ...piece, next: piece.next ?? START };
}

/** Batchwatch's own incidents: with their notifications, since nobody was told. */
export async function pruneOwnIncidents(tx: Tx, step: PruneStep): Promise<PrunedPiece> {
  const rows = await oldIncidents(tx, step, SERVICE_TEAM_ID);
  const ids = overOf(rows, step.before);
  if (ids.length > 0) {
    await tx.deleteFrom("notification").where(inList("incident_id", ids)).execute();
  }
  return pieceOf(rows, step, await remove(tx, rows, step.before));
}

interface OldIncident {
  readonly incident_id: string;
  readonly opened_at: number;
  readonly state: string;
  readonly body: string;
}

const START = encodeCursor(KIND, { sort: 0, id: "" });

async function oldIncidents(
  tx: Tx,
  { before, limit, after }: PruneStep,
  teamId: string | null,
): Promise<readonly OldIncident[]> {
  let query = tx
    .selectFrom("incident")
    .select(["incident_id", "opened_at", "state", "body"])
    .where("opened_at", "<", before)
    .orderBy("opened_at")
    .orderBy("incident_id")
    .limit(limit);
  query =
    teamId === null ? query.where("state", "=", "RESOLVED") : query.where("team_id", "=", teamId);
  if (after !== null) {
    const place = decodeCursor(KIND, "number", after);
    query = query
      .where("opened_at", ">=", place.sort)
      .where((eb) => eb.or([eb("opened_at", ">", place.sort), eb("incident_id", ">", place.id)]));
  }
  return query.execute();
}

function overOf(rows: readonly OldIncident[], before: number): readonly string[] {
  return rows
    .filter((row) => row.state === "RESOLVED" && incidentOf(row).updatedAt < before)
    .map((row) => row.incident_id);
}

/** Members and timeline go with the incident's row. */
async function remove(tx: Tx, rows: readonly OldIncident[], before: number): Promise<number> {
  const ids = overOf(rows, before);
  if (ids.length === 0) return 0;
  await tx
    .deleteFrom("alert")
    .where("firing", "=", 0)
    .where(inList("incident_id", ids))
    .where("unhandled_no", "is", null)
    .execute();
  await tx.deleteFrom("incident").where(inList("incident_id", ids)).execute();
  return ids.length;
}

async function pruneAlerts(tx: Tx, { before, limit }: PruneStep): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom("alert")
    .where("alert_id", "in", (eb) =>
      eb
        .selectFrom("alert")
        .select("alert_id")
        .where("ended_at", "<", before)
        .where("firing", "=", 0)
        .where("unhandled_no", "is", null)
        .orderBy("ended_at")
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function pieceOf(rows: readonly OldIncident[], { limit }: PruneStep, removed: number): PrunedPiece {
  const last = rows.at(-1);
  if (rows.length < limit || last === undefined) return { removed, next: null };
  return { removed, next: encodeCursor(KIND, { sort: last.opened_at, id: last.incident_id }) };
}
