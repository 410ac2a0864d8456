import type { AuditAnchor, AuditFact, AuditHead, AuditRecord } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { AuditRecordTable } from "../schema/audit-tables.ts";
import type { Database } from "../schema/database.ts";

export function recordOf(row: AuditRecordTable): AuditRecord {
  return {
    seq: row.seq,
    at: row.happened_at,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    teamId: row.team_id,
    detail: detailOf(row.detail),
    mac: row.mac,
  };
}

/** What somebody else wrote there is no reason not to read the record: its seal says that it was changed. */
function detailOf(text: string): AuditFact["detail"] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as AuditFact["detail"];
    }
  } catch {
    // Said below.
  }
  return { unreadable: true };
}

/** The newest record; where retention has removed all of them, the last one removed. */
export async function readHead(db: Kysely<Database>): Promise<AuditHead | null> {
  const row = await db
    .selectFrom("audit_record")
    .select(["seq", "mac", "happened_at"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const anchor = await readAnchor(db);
  if (anchor !== null && (row === undefined || anchor.seq > row.seq)) {
    return { seq: anchor.seq, mac: anchor.mac, at: anchor.at };
  }
  if (row === undefined) return null;
  return { seq: row.seq, mac: row.mac, at: row.happened_at };
}

export async function readAnchor(db: Kysely<Database>): Promise<AuditAnchor | null> {
  const row = await db
    .selectFrom("audit_anchor")
    .selectAll()
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { seq: row.seq, mac: row.mac, at: row.removed_at, seal: row.seal };
}
