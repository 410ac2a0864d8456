import {
  DELIVERY_STATES,
  type PrunedPiece,
  type PruneStep,
  type RetainedKind,
  type UpkeepStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { pruneIncidents, pruneOwnIncidents } from "./prune-incidents.ts";
import { pruneRuns } from "./prune-runs.ts";

type Prune = (tx: Kysely<Database>, step: PruneStep) => Promise<PrunedPiece>;

/** Where a piece goes on that always begins with the oldest. */
const AGAIN = "again";

export function upkeepStore(db: Kysely<Database>, trail: AuditTrail): UpkeepStore {
  const prunes: Readonly<Record<RetainedKind, Prune>> = {
    audit: async (tx, { before, limit, now }) => {
      const { removed, more } = await trail.prune(tx, before, limit, now);
      return { removed, next: more ? AGAIN : null };
    },
    incidents: pruneIncidents,
    notifications: pruneNotifications,
    runs: pruneRuns,
  };
  return {
    prune: (what, step) => db.transaction().execute((tx) => prunes[what](tx, step)),
    pruneOwn: (step) => db.transaction().execute((tx) => pruneOwnIncidents(tx, step)),
  };
}

/** All that will not be sent any more. Each state is read in the order of its index. */
async function pruneNotifications(
  tx: Kysely<Database>,
  { before, limit }: PruneStep,
): Promise<PrunedPiece> {
  let removed = 0;
  for (const state of DELIVERY_STATES.filter((one) => one !== "PENDING")) {
    const { numDeletedRows } = await tx
      .deleteFrom("notification")
      .where("notification_id", "in", (eb) =>
        eb
          .selectFrom("notification")
          .select("notification_id")
          .where("state", "=", state)
          .where("created_at", "<", before)
          .orderBy("created_at")
          .limit(limit - removed),
      )
      .executeTakeFirst();
    removed += Number(numDeletedRows);
    if (removed >= limit) return { removed, next: AGAIN };
  }
  return { removed, next: null };
}
