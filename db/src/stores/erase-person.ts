import type { Incident, NotificationCard } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { inList } from "../dialects/in-list.ts";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import {
  cardWithoutName,
  type Erasure,
  noticeWithoutName,
  type RequestNames,
  withoutName,
} from "./erase-name.ts";

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
  calendar: async (tx, { name, pseudonym, isNameTaken }) => {
    if (isNameTaken) return null;
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
  incident_event: async (tx, { userId, name, pseudonym, isNameTaken }, after) => {
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
        !isNameTaken &&
        row.event_text === name &&
        row.kind !== "commented" &&
        row.kind !== "resolved";
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
    const cards = rows.map(({ card }) => JSON.parse(card) as NotificationCard);
    const requests = await requestsOf(tx, cards);
    for (const [index, row] of rows.entries()) {
      const { requestId } = cards[index] ?? {};
      const card =
        requestId == null
          ? cardWithoutName(row.card, who)
          : noticeWithoutName(
              cards[index] as NotificationCard,
              who,
              requests.get(requestId) ?? null,
            );
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
  // What is asked for of the person's own account, or was under their name; with the account gone it cannot be carried out any more.
  change_request: async (tx, { userId, name, pseudonym, isNameTaken }, after) => {
    const rows = await tx
      .selectFrom("change_request")
      .select(["request_id as key", "subject_name", "payload", "standing", "differences"])
      .where("subject_kind", "=", "user")
      .where((eb) =>
        eb.or([
          eb("subject_id", "=", userId),
          ...(isNameTaken
            ? []
            : [eb.and([eb("kind", "=", "user-add"), eb("subject_name", "=", name)])]),
        ]),
      )
      .where("request_id", ">", after)
      .orderBy("request_id")
      .limit(DB_LIMITS.eraseRows)
      .execute();
    const clean = (text: string) =>
      text.replaceAll(JSON.stringify(name), JSON.stringify(pseudonym));
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

/** Who is to be erased. */
export type ToErase = Omit<Erasure, "isNameTaken">;

/** In pieces, each a transaction of its own: others use the store meanwhile. Made again it changes nothing. */
export async function eraseName(db: Tx, who: ToErase): Promise<void> {
  const bearer = await db
    .selectFrom("app_user")
    .select("user_id")
    .where("name", "=", who.name)
    .where("user_id", "<>", who.userId)
    .executeTakeFirst();
  const erasure = { ...who, isNameTaken: bearer !== undefined };
  for (const sweep of Object.values(NAME_SWEEPS)) {
    let after: string | null = "";
    while (after !== null) {
      const from: string = after;
      after = await db.transaction().execute((tx) => sweep(tx, erasure, from));
    }
  }
}

/** The requests that these messages are about, by id. */
async function requestsOf(
  tx: Tx,
  cards: readonly NotificationCard[],
): Promise<ReadonlyMap<string, RequestNames>> {
  const ids = [...new Set(cards.flatMap(({ requestId }) => requestId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("change_request")
    .select(["request_id", "kind", "requested_by", "subject_kind", "subject_id", "subject_name"])
    .where(inList("request_id", ids))
    .execute();
  return new Map(
    rows.map((row) => [
      row.request_id,
      {
        kind: row.kind,
        requestedBy: row.requested_by,
        subjectKind: row.subject_kind,
        subjectId: row.subject_id,
        subjectName: row.subject_name,
      },
    ]),
  );
}

function lastKey(rows: readonly { readonly key: string }[]): string | null {
  return rows.length < DB_LIMITS.eraseRows ? null : (rows.at(-1)?.key ?? null);
}
