import {
  type ApprovalStore,
  canonical,
  type ChangeAuthor,
  type ChangeMode,
  differencesOf,
  fieldsAfter,
  handsOf,
  type JobSettings,
  LIMITS,
  mayAsk,
  mayBreakGlass,
  type Proposal,
  type ProposedChange,
  requestHash,
  sameJson,
  type Standing,
  StoreError,
  type User,
  whyNoBreakGlass,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import { requestFact } from "./approval-facts.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { carryOut } from "./carry-out.ts";
import { alreadyWaiting, lookAt, openKeyOf, subjectIdOf } from "./change-kinds.ts";
import { joinsOf, requestOf } from "./change-request-rows.ts";
import type { ChangeSubject } from "./change-work.ts";
import { newId } from "./new-id.ts";
import { findUser, teamsOf } from "./remove-user.ts";
import { requireSettings, settingsOf } from "./settings-rows.ts";
import { setupHolds } from "./setup-facts.ts";

type How = Parameters<ApprovalStore["propose"]>[2];

/** The person as the store knows them at this moment: a session may have begun under another role. */
export async function currentUser(tx: Kysely<Database>, userId: string): Promise<User | null> {
  const row = await findUser(tx, "user_id", userId);
  if (row === null) return null;
  const { name, role, let_in_by } = row;
  return {
    userId,
    name,
    role,
    teamIds: await teamsOf(tx, userId),
    ...(let_in_by === null ? {} : { letInBy: let_in_by }),
  };
}

/** Keeps the request; in set-up mode and under break-glass it is carried out too. One transaction. */
export async function proposeChange(
  tx: Kysely<Database>,
  trail: AuditTrail,
  change: ProposedChange,
  by: ChangeAuthor,
  how: How,
  now: number,
): Promise<Proposal> {
  const subjectId = subjectIdOf(change, newId(now));
  const asker = await currentUser(tx, by.userId);
  const { subject, standing } = await lookAt(tx, change, subjectId);
  const asked = { kind: change.kind, teamId: subject.teamId, ...joinsOf(standing) };
  if (asker === null || !mayAsk(asker, asked)) {
    throw new StoreError("may_not_ask", `You may not ask for a change of ${subject.name}.`);
  }
  if (nothingChanges(change, standing)) return { request: null, settings: await settings() };
  const setup = await setupHolds(tx, trail, now);
  // What is deleted is gone: no one person decides on that, however new the store is.
  const mode: ChangeMode = setup && change.kind !== "retention-set" ? "set-up" : how.mode;
  if (mode === "break-glass") requireBreakGlass(asker, change, standing, how.reason);
  await requireRoom(tx, change, subject, by.userId);
  const row = rowOf(change, subject, standing, { by, hands: handsOf(asker), how, mode, now });
  await tx.insertInto("change_request").values(row).execute();
  await trail.append(tx, [
    requestFact(row, "change-requested", by.userId, now, { hash: row.hash }),
  ]);
  if (mode === "break-glass") {
    const revertsAt = row.reverts_at ?? now;
    await trail.append(tx, [requestFact(row, "break-glass", by.userId, now, { revertsAt })]);
  }
  if (mode !== "two-people") await carryOut(tx, trail, row, by.userId, now);
  return { request: requestOf(row), settings: await settings() };

  async function settings(): Promise<JobSettings | null> {
    if (subject.kind !== "job") return null;
    return settingsOf(await requireSettings(tx, subject.id));
  }
}

function nothingChanges(change: ProposedChange, { fields }: Standing): boolean {
  return Object.entries(fieldsAfter(change)).every(([field, value]) =>
    sameJson(value, fields[field]),
  );
}

function requireBreakGlass(
  asker: User,
  change: ProposedChange,
  standing: Standing,
  reason: string,
): void {
  if (!mayBreakGlass(asker)) {
    throw new StoreError(
      "may_not_ask",
      "breakGlass: only an administrator or an operations manager may; ask a second person.",
    );
  }
  if (reason.trim() === "") {
    throw new StoreError("reason_missing", "reason: say why it cannot wait for a second person.");
  }
  const why = whyNoBreakGlass(change, standing);
  if (why !== null) throw new StoreError("no_break_glass", `breakGlass: ${why}`);
}

async function requireRoom(
  tx: Kysely<Database>,
  change: ProposedChange,
  subject: ChangeSubject,
  userId: string,
): Promise<void> {
  const open = await tx
    .selectFrom("change_request")
    .select("request_id")
    .where((eb) =>
      eb.or([
        eb("open_key", "=", openKeyOf(change, subject.id)),
        // What is to be made has no id yet that two requests could share.
        eb.and([
          eb("kind", "=", change.kind),
          eb("kind", "in", ["source-add", "user-add"]),
          eb("subject_name", "=", subject.name),
          eb("open_key", "is not", null),
        ]),
      ]),
    )
    .executeTakeFirst();
  if (open !== undefined) throw alreadyWaiting(subject.name);
  const own = await tx
    .selectFrom("change_request")
    .select((eb) => eb.fn.countAll().as("rows"))
    .where("requested_by", "=", userId)
    .where("state", "=", "WAITING")
    .executeTakeFirstOrThrow();
  if (Number(own.rows) < LIMITS.requestsPerPerson) return;
  throw new StoreError(
    "too_many",
    `${LIMITS.requestsPerPerson} of your requests wait, which is the most; withdraw one first.`,
  );
}

function rowOf(
  change: ProposedChange,
  subject: ChangeSubject,
  standing: Standing,
  given: {
    readonly by: ChangeAuthor;
    readonly hands: string;
    readonly how: How;
    readonly mode: ChangeMode;
    readonly now: number;
  },
): ChangeRequestTable {
  const { by, hands, how, mode, now } = given;
  const setup = mode === "set-up";
  return {
    request_id: newId(now),
    kind: change.kind,
    subject_kind: subject.kind,
    subject_id: subject.id,
    subject_name: subject.name,
    team_id: subject.teamId,
    payload: JSON.stringify(change.payload),
    standing: canonical({ fields: standing.fields, context: standing.context }),
    differences: JSON.stringify(differencesOf(standing, fieldsAfter(change))),
    reason: how.reason === "" ? null : how.reason,
    hash: requestHash(change, standing),
    open_key: setup ? null : openKeyOf(change, subject.id),
    state: mode === "two-people" ? "WAITING" : "APPLIED",
    change_mode: mode,
    requested_by: by.userId,
    requested_hands: hands,
    requested_at: now,
    expires_at: now + LIMITS.changeRequestMs,
    decided_by: setup ? by.userId : null,
    decided_at: setup ? now : null,
    decision_note: null,
    reverts_at: mode === "break-glass" ? now + LIMITS.breakGlassMs : null,
    takes_back: how.takesBack,
    reverted_by: null,
    collected_at: null,
  };
}
