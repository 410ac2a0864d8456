import {
  calendarFields,
  LIMITS,
  type MaskKind,
  type RetainedKind,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import { rowWriter } from "../dialects/upsert.ts";
import type { Database } from "../schema/database.ts";
import type { SourceTable } from "../schema/source-tables.ts";
import { putCalendar, readCalendars } from "./calendar-store.ts";
import type { ChangeWork } from "./change-work.ts";
import { addUser } from "./identity-store.ts";
import { bumpIdentity } from "./identity-version.ts";
import { setPaging } from "./receiver-store.ts";
import {
  changeUser,
  removeUser,
  requireOtherAdministrator,
  findUser,
  requireUser,
  teamsOf,
} from "./remove-user.ts";
import { addSource } from "./source-store.ts";

const writeException = rowWriter("masking_exception", ["source_id", "field"], {
  source_id: "keep",
  field: "keep",
  kinds: "replace",
  changed_at: "replace",
});
const writeRetention = rowWriter("retention_setting", ["what"], {
  what: "keep",
  days: "replace",
  changed_at: "replace",
});

const NO_CONTEXT = {};

export const calendarWork: ChangeWork<"calendar-put"> = {
  async look(tx, { calendar }) {
    const { calendarId, name } = calendar;
    const [known] = await readCalendars(tx, calendarId);
    const fields = { calendar: known === undefined ? null : calendarFields(known) };
    return {
      subject: { kind: "calendar", id: calendarId, name: known?.name ?? name, teamId: null },
      standing: { fields, context: NO_CONTEXT },
    };
  },
  async apply(tx, { calendar }, _subjectId, by, now) {
    await putCalendar(tx, calendar, by, now);
  },
};

/** No key has this hash: a new source hears nobody until who asked for it has fetched its key. */
function keylessHash(sourceId: string): string {
  return `none:${sourceId}`;
}

export const sourceAddWork: ChangeWork<"source-add"> = {
  async look(tx, { name }, sourceId) {
    const taken = await tx
      .selectFrom("source")
      .select("source_id")
      .where("name", "=", name)
      .executeTakeFirst();
    if (taken !== undefined && taken.source_id !== sourceId) {
      throw new StoreError("name_taken", `name: a source "${name}" exists; choose another name.`);
    }
    return {
      subject: { kind: "source", id: sourceId, name, teamId: null },
      standing: { fields: { source: null }, context: NO_CONTEXT },
    };
  },
  async apply(tx, payload, sourceId, _by, now) {
    const source = { ...payload, pagingMode: "WATCHING", keyHash: keylessHash(sourceId) } as const;
    await addSource(tx, source, now, sourceId);
  },
};

export const sourcePagingWork: ChangeWork<"source-paging"> = {
  async look(tx, { sourceId }) {
    const { name, paging_mode } = await requireSource(tx, sourceId);
    return {
      subject: { kind: "source", id: sourceId, name, teamId: null },
      standing: { fields: { pagingMode: paging_mode }, context: NO_CONTEXT },
    };
  },
  apply: (tx, { sourceId, pagingMode }) => setPaging(tx, sourceId, pagingMode),
};

export const maskingExceptionWork: ChangeWork<"masking-exception"> = {
  async look(tx, { sourceId, field }) {
    const source = await requireSource(tx, sourceId);
    const rows = await tx
      .selectFrom("masking_exception")
      .selectAll()
      .where("source_id", "=", sourceId)
      .execute();
    const known = rows.find((row) => row.field === field);
    if (known === undefined && rows.length >= LIMITS.maskingExceptionsPerSource) {
      const most = LIMITS.maskingExceptionsPerSource;
      throw new StoreError(
        "too_many",
        `field: ${most} fields of this source are kept unmasked, which is the most; take one back first.`,
      );
    }
    return {
      subject: { kind: "source", id: sourceId, name: `${source.name}: ${field}`, teamId: null },
      standing: { fields: { kinds: kindsOf(known?.kinds ?? "") }, context: NO_CONTEXT },
    };
  },
  async apply(tx, { sourceId, field, kinds }, _subjectId, _by, now) {
    if (kinds.length === 0) {
      await tx
        .deleteFrom("masking_exception")
        .where("source_id", "=", sourceId)
        .where("field", "=", field)
        .execute();
    } else {
      const joined = [...kinds].sort().join(",");
      await writeException.write(tx, {
        source_id: sourceId,
        field,
        kinds: joined,
        changed_at: now,
      });
    }
    await bumpIdentity(tx);
  },
};

export const userAddWork: ChangeWork<"user-add"> = {
  async look(tx, { name }, userId) {
    const known = await findUser(tx, "user_id", userId);
    if (known === null && (await findUser(tx, "name", name)) !== null) {
      throw new StoreError("name_taken", `name: a user "${name}" exists; choose another name.`);
    }
    const user =
      known === null
        ? null
        : { name: known.name, role: known.role, teams: await teamsOf(tx, userId) };
    return {
      subject: { kind: "user", id: userId, name, teamId: null },
      standing: { fields: { user }, context: NO_CONTEXT },
    };
  },
  async apply(tx, { name, role, teamNames }, userId, _by, now) {
    await addUser(tx, name, role, teamNames, now, userId);
  },
};

export const userChangeWork: ChangeWork<"user-change"> = {
  async look(tx, { userId, role }) {
    const user = await requireUser(tx, userId);
    if (role !== "administrator") await requireOtherAdministrator(tx, userId);
    return {
      subject: { kind: "user", id: userId, name: user.name, teamId: null },
      standing: {
        fields: { role: user.role, teams: await teamsOf(tx, userId) },
        context: NO_CONTEXT,
      },
    };
  },
  apply: (tx, { userId, ...to }, _subjectId, _by, now) => changeUser(tx, userId, to, now),
};

export const userRemoveWork: ChangeWork<"user-remove"> = {
  async look(tx, { userId }) {
    const { name, role } = await requireUser(tx, userId);
    await requireOtherAdministrator(tx, userId);
    return {
      subject: { kind: "user", id: userId, name, teamId: null },
      standing: {
        fields: { user: { name, role, teams: await teamsOf(tx, userId) } },
        context: NO_CONTEXT,
      },
    };
  },
  apply: (tx, { userId }, _subjectId, _by, now) => removeUser(tx, userId, now),
};

export const retentionWork: ChangeWork<"retention-set"> = {
  async look(tx, { what }) {
    return {
      subject: { kind: "retention", id: what, name: what, teamId: null },
      standing: { fields: { days: await retentionDays(tx, what) }, context: NO_CONTEXT },
    };
  },
  async apply(tx, { what, days }, _subjectId, _by, now) {
    if (days === null) await tx.deleteFrom("retention_setting").where("what", "=", what).execute();
    else await writeRetention.write(tx, { what, days, changed_at: now });
  },
};

async function retentionDays(tx: Kysely<Database>, what: RetainedKind): Promise<number | null> {
  const row = await tx
    .selectFrom("retention_setting")
    .select("days")
    .where("what", "=", what)
    .executeTakeFirst();
  return row?.days ?? null;
}

/** Kinds as they are kept: joined by commas, in order. */
export function kindsOf(joined: string): readonly MaskKind[] {
  return joined === "" ? [] : (joined.split(",") as MaskKind[]);
}

async function requireSource(tx: Kysely<Database>, sourceId: string): Promise<SourceTable> {
  const row = await tx
    .selectFrom("source")
    .selectAll()
    .where("source_id", "=", sourceId)
    .executeTakeFirst();
  if (row !== undefined) return row;
  throw new StoreError("not_found", `sourceId: no source has id "${sourceId}".`);
}
