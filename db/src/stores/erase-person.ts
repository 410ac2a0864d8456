import type { Incident } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import { cardWithoutName, type Erasure, withoutName } from "./erase-name.ts";

type Tx = Kysely<Database>;

/** Goes through the rows behind `after`, at most a piece of them; answers the last one's key, null at the end. */
type Sweep = (tx: Tx, who: Erasure, after: string) => Promise<string | null>;

/**
 * Every table in which a person's name is written, by what goes through it. privacy-store.test.ts compares it with the schema: a column that
 * may hold a name and is not named here fails it.
 */
export const NAME_SWEEPS: Readonly<Record<string, Sweep>> = {
  job_change: async (tx, { userId, pseudonym }, after) => {
    const rows = await tx
      .selectFrom("job_change")
      .select(["change_id as key", "user_id", "user_name"])
      .where("change_id", ">", after)
      .orderBy("change_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    for (const row of rows) {
      if (row.user_id !== userId || row.user_name === pseudonym) continue;
      await tx
        .updateTable("job_change")
        .set({ user_name: pseudonym })
        .where("change_id", "=", row.key)
        .execute();
    }
    return lastKey(rows);
  },
  calendar: async (tx, { name, pseudonym }) => {
    await tx
      .updateTable("calendar")
      .set({ changed_by: pseudonym })
      .where("changed_by", "=", name)
      .execute();
    return null;
  },
  incident: async (tx, who, after) => {
    const rows = await tx
      .selectFrom("incident")
      .select(["incident_id as key", "version", "body"])
      .where("incident_id", ">", after)
      .orderBy("incident_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    for (const { key, version, body } of rows) {
      const clean = withoutName(body, who);
      if (clean === null) continue;
      // As any change does: a desk that remembers the incident notices, reads it again, and does not write the name back.
      const next: Incident = { ...(JSON.parse(clean) as Incident), version: version + 1 };
      await tx
        .updateTable("incident")
        .set({ version: version + 1, body: JSON.stringify(next) })
        .where("incident_id", "=", key)
        .where("version", "=", version)
        .execute();
    }
    return lastKey(rows);
  },
  incident_event: async (tx, { userId, name, pseudonym }, after) => {
    const rows = await tx
      .selectFrom("incident_event")
      .select(["event_id as key", "kind", "user_id", "user_name", "event_text"])
      .where("event_id", ">", after)
      .orderBy("event_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    for (const row of rows) {
      const isBy = row.user_id === userId && row.user_name !== pseudonym;
      // What people wrote stays as it is; elsewhere a text that is the name is the name.
      const isAbout =
        row.event_text === name && row.kind !== "commented" && row.kind !== "resolved";
      if (!isBy && !isAbout) continue;
      await tx
        .updateTable("incident_event")
        .set({
          ...(isBy ? { user_name: pseudonym } : {}),
          ...(isAbout ? { event_text: pseudonym } : {}),
        })
        .where("event_id", "=", row.key)
        .execute();
    }
    return lastKey(rows);
  },
  notification: async (tx, who, after) => {
    const rows = await tx
      .selectFrom("notification")
      .select(["notification_id as key", "user_id", "receiver", "card"])
      .where("notification_id", ">", after)
      .orderBy("notification_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    for (const row of rows) {
      const card = cardWithoutName(row.card, who);
      const isTo = row.user_id === who.userId && row.receiver !== who.pseudonym;
      if (card === null && !isTo) continue;
      await tx
        .updateTable("notification")
        .set({
          ...(isTo ? { receiver: who.pseudonym } : {}),
          ...(card === null ? {} : { card }),
        })
        .where("notification_id", "=", row.key)
        .execute();
    }
    return lastKey(rows);
  },
  // What is asked for of the person's own account; with the account gone it cannot be carried out any more.
  change_request: async (tx, { userId, name, pseudonym }, after) => {
    const rows = await tx
      .selectFrom("change_request")
      .select(["request_id as key", "subject_name", "payload", "standing", "differences"])
      .where("subject_id", "=", userId)
      .where("subject_kind", "=", "user")
      .where("request_id", ">", after)
      .orderBy("request_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    const clean = (text: string) => text.replaceAll(quoted(name), quoted(pseudonym));
    for (const { key, ...row } of rows) {
      await tx
        .updateTable("change_request")
        .set({
          subject_name: row.subject_name === null ? null : pseudonym,
          payload: clean(row.payload),
          standing: clean(row.standing),
          differences: clean(row.differences),
        })
        .where("request_id", "=", key)
        .execute();
    }
    return lastKey(rows);
  },
  command_done: async (tx, who, after) => {
    const rows = await tx
      .selectFrom("command_done")
      .select(["command_id as key", "answer"])
      .where("command_id", ">", after)
      .orderBy("command_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    for (const { key, answer } of rows) {
      const clean = withoutName(answer, who);
      if (clean === null) continue;
      await tx
        .updateTable("command_done")
        .set({ answer: clean })
        .where("command_id", "=", key)
        .execute();
    }
    return lastKey(rows);
  },
};

/** In pieces, each a transaction of its own: others use the store meanwhile. Made again it changes nothing. */
export async function eraseName(db: Tx, who: Erasure): Promise<void> {
  for (const sweep of Object.values(NAME_SWEEPS)) {
    let after: string | null = "";
    while (after !== null) {
      const from: string = after;
      after = await db.transaction().execute((tx) => sweep(tx, who, from));
    }
  }
}

/** A text as it stands inside a JSON string. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function lastKey(rows: readonly { readonly key: string }[]): string | null {
  return rows.length < DB_LIMITS.eraseRows ? null : (rows.at(-1)?.key ?? null);
}
