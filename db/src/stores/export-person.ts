import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";
import type { AppUserTable } from "../schema/people-tables.ts";
import { recordOf } from "./audit-rows.ts";

type Tx = Kysely<Database>;
type Part = (tx: Tx, person: AppUserTable) => Promise<readonly object[]>;

/**
 * What is kept of a person, by part, newest first where it is a history. Secrets (hashes, keys of devices, addresses that open something) are in
 * none: they are no news to the person, and a file of them could be used.
 */
const PARTS: Readonly<Record<string, Part>> = {
  teams: (tx, { user_id }) =>
    tx
      .selectFrom("app_user_team as m")
      .innerJoin("team as t", "t.team_id", "m.team_id")
      .select(["t.team_id as teamId", "t.name as name"])
      .where("m.user_id", "=", user_id)
      .orderBy("t.team_id")
      .execute(),
  tokens: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("access_token")
      .select(["kind", "created_at", "expires_at", "revoked_at"])
      .where("user_id", "=", user_id)
      .orderBy("created_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      kind: row.kind,
      createdAt: iso(row.created_at),
      expiresAt: iso(row.expires_at),
      revokedAt: iso(row.revoked_at),
    }));
  },
  signInLinks: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("sign_in_code")
      .select(["created_at", "expires_at", "used_at"])
      .where("user_id", "=", user_id)
      .orderBy("created_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      createdAt: iso(row.created_at),
      expiresAt: iso(row.expires_at),
      usedAt: iso(row.used_at),
    }));
  },
  sessions: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("browser_session")
      .selectAll()
      .where("user_id", "=", user_id)
      .orderBy("created_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      browser: row.label,
      method: row.method,
      createdAt: iso(row.created_at),
      lastUsedAt: iso(row.last_used_at),
      expiresAt: iso(row.expires_at),
      endedAt: iso(row.ended_at),
    }));
  },
  pairedDevices: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("paired_device")
      .selectAll()
      .where("user_id", "=", user_id)
      .orderBy("paired_at", "desc")
      .execute();
    return rows.map((row) => ({
      device: row.label,
      pairedAt: iso(row.paired_at),
      lastUsedAt: iso(row.last_used_at),
      goodUntil: iso(row.good_until),
    }));
  },
  signInWays: async (tx, { user_id }) => {
    const password = await tx
      .selectFrom("user_password")
      .select("set_at")
      .where("user_id", "=", user_id)
      .execute();
    const subjects = await tx
      .selectFrom("user_subject")
      .select(["issuer", "subject", "linked_at"])
      .where("user_id", "=", user_id)
      .execute();
    return [
      ...password.map((row) => ({ password: true, setAt: iso(row.set_at) })),
      ...subjects.map(({ issuer, subject, linked_at }) => ({
        issuer,
        subject,
        linkedAt: iso(linked_at),
      })),
    ];
  },
  pushSubscriptions: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("push_subscription")
      .selectAll()
      .where("user_id", "=", user_id)
      .orderBy("created_at", "desc")
      .execute();
    return rows.map((row) => ({
      device: row.label,
      pushService: URL.canParse(row.endpoint) ? new URL(row.endpoint).origin : null,
      private: row.is_private === 1,
      since: iso(row.created_at),
      consentAt: iso(row.consent_at),
      consentWords: row.consent_words,
      lastSentAt: iso(row.last_sent_at),
      lastShownAt: iso(row.last_shown_at),
      trouble: row.trouble,
      zone: row.zone,
    }));
  },
  onCall: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("oncall_person")
      .select(["team_id", "position", "listed_at"])
      .where("user_id", "=", user_id)
      .orderBy("team_id")
      .execute();
    return rows.map((row) => ({
      teamId: row.team_id,
      place: row.position + 1,
      since: iso(row.listed_at),
    }));
  },
  incidents: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("incident_event")
      .select(["incident_id", "happened_at", "kind", "event_text"])
      .where("user_id", "=", user_id)
      .orderBy("happened_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      at: iso(row.happened_at),
      incidentId: row.incident_id,
      what: row.kind,
      words: row.event_text,
    }));
  },
  notifications: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("notification")
      .selectAll()
      .where("user_id", "=", user_id)
      .orderBy("created_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      createdAt: iso(row.created_at),
      incidentId: row.incident_id,
      kind: row.kind,
      channel: row.channel,
      title: (JSON.parse(row.card) as { title?: unknown }).title ?? null,
      state: row.state,
      sentAt: iso(row.sent_at),
      shownAt: iso(row.shown_at),
      seenAt: iso(row.seen_at),
    }));
  },
  changesOfJobs: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("job_change")
      .selectAll()
      .where("user_id", "=", user_id)
      .orderBy("change_id", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      at: iso(row.changed_at),
      jobId: row.job_id,
      field: row.field,
      before: row.value_before,
      after: row.value_after,
    }));
  },
  changeRequests: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("change_request")
      .selectAll()
      .where((eb) =>
        eb.or([
          eb("requested_by", "=", user_id),
          eb("decided_by", "=", user_id),
          eb.and([eb("subject_kind", "=", "user"), eb("subject_id", "=", user_id)]),
        ]),
      )
      .orderBy("requested_at", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map((row) => ({
      requestId: row.request_id,
      kind: row.kind,
      about: row.subject_name,
      state: row.state,
      askedByYou: row.requested_by === user_id,
      reason: row.requested_by === user_id ? row.reason : null,
      askedAt: iso(row.requested_at),
      decidedByYou: row.decided_by === user_id,
      note: row.decided_by === user_id ? row.decision_note : null,
      decidedAt: iso(row.decided_at),
    }));
  },
  calendars: async (tx, { name }) => {
    const rows = await tx
      .selectFrom("calendar")
      .select(["calendar_id", "changed_at"])
      .where("changed_by", "=", name)
      .orderBy("calendar_id")
      .execute();
    return rows.map((row) => ({ calendarId: row.calendar_id, changedAt: iso(row.changed_at) }));
  },
  auditTrail: async (tx, { user_id }) => {
    const rows = await tx
      .selectFrom("audit_record")
      .selectAll()
      .where("actor_id", "=", user_id)
      .orderBy("seq", "desc")
      .limit(DB_LIMITS.exportRows)
      .execute();
    return rows.map(recordOf).map(({ at, mac: _mac, ...record }) => ({ at: iso(at), ...record }));
  },
};

export async function exportPerson(
  tx: Tx,
  person: AppUserTable,
): Promise<Readonly<Record<string, unknown>>> {
  const parts: Record<string, unknown> = {
    profile: {
      userId: person.user_id,
      name: person.name,
      role: person.role,
      createdAt: iso(person.created_at),
      lastSignInAt: iso(person.last_sign_in_at),
    },
  };
  const cut: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    const rows = await part(tx, person);
    parts[name] = rows;
    if (rows.length >= DB_LIMITS.exportRows) cut.push(name);
  }
  // Where a history is longer than a file takes, it says so.
  return cut.length === 0 ? parts : { ...parts, newestOnly: cut };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
