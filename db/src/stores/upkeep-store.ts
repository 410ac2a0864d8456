import {
  DELIVERY_STATES,
  type PrunedPiece,
  type PruneStep,
  type RetainedKind,
  type UpkeepStore,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { eraseName } from "./erase-person.ts";
import { factBy } from "./person-facts.ts";
import { judgeClock } from "./judge-clock.ts";
import { pruneIncidents, pruneOwnIncidents } from "./prune-incidents.ts";
import { pruneRuns } from "./prune-runs.ts";

type Prune = (tx: Kysely<Database>, step: PruneStep) => Promise<PrunedPiece>;

/** Where a piece goes on that always begins with the oldest. */
const AGAIN = "again";

export function upkeepStore(db: Kysely<Database>, trail: AuditTrail): UpkeepStore {
  const prunes: Readonly<Record<RetainedKind, Prune>> = {
    audit: async (tx, step) => {
      const { removed, more } = await trail.prune(tx, step);
      return { removed, next: more ? AGAIN : null };
    },
    incidents: pruneIncidents,
    notifications: pruneNotifications,
    runs: pruneRuns,
  };
  return {
    prune: (what, step) => db.transaction().execute((tx) => prunes[what](tx, step)),
    trustsClock: (now) => db.transaction().execute((tx) => trustsClock(tx, now)),
    erase: (now) => eraseRemoved(db, trail, now),
    pruneOwn: (step) => db.transaction().execute((tx) => pruneOwnIncidents(tx, step)),
  };
}

const CLOCK = {
  lastAt: "upkeep_at",
  doubtSince: "upkeep_doubt_since",
  doubtFactAt: "upkeep_doubt_fact_at",
} as const;

const writeTime = rowWriter("store_meta", ["meta_key"], {
  meta_key: "keep",
  text_value: "keep",
  int_value: "replace",
});

async function trustsClock(tx: Kysely<Database>, now: number): Promise<boolean> {
  const rows = await tx
    .selectFrom("store_meta")
    .select(["meta_key", "int_value"])
    .where("meta_key", "in", Object.values(CLOCK))
    .execute();
  const timeOf = (key: string) => rows.find((row) => row.meta_key === key)?.int_value ?? null;
  const memory = {
    lastAt: timeOf(CLOCK.lastAt),
    doubtSince: timeOf(CLOCK.doubtSince),
    doubtFactAt: timeOf(CLOCK.doubtFactAt),
  };
  const newest = await tx
    .selectFrom("job_run")
    .select("ordered_at")
    // A fact is never of later than its receipt, but what a run is planned for may be: that says nothing of what time it is.
    .whereRef("ordered_at", "<=", "last_fact_at")
    .orderBy("ordered_at", "desc")
    .orderBy("execution_id", "desc")
    .limit(1)
    .executeTakeFirst();
  const verdict = judgeClock(memory, newest?.ordered_at ?? null, now);
  for (const [name, key] of Object.entries(CLOCK) as [keyof typeof CLOCK, string][]) {
    const time = verdict.memory[name];
    await writeTime.write(tx, { meta_key: key, text_value: null, int_value: time });
  }
  return verdict.trusted;
}

/** Each person for themselves: a name that cannot be gone through keeps no other one. */
async function eraseRemoved(db: Kysely<Database>, trail: AuditTrail, now: number): Promise<number> {
  const rows = await db.selectFrom("erasure").selectAll().orderBy("removed_at").execute();
  const failures: unknown[] = [];
  for (const { user_id: userId, name, pseudonym } of rows) {
    try {
      await eraseName(db, { userId, name, pseudonym });
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom("erasure").where("user_id", "=", userId).execute();
        const erased = { action: "data-erased", subjectKind: "user", subjectId: userId } as const;
        await trail.append(tx, [factBy("service", { ...erased, at: now, detail: {} })]);
      });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return rows.length;
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
