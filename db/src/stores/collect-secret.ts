import { LIMITS, StoreError } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import { keepSignInCode } from "./access-store.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { requireRequest } from "./change-request-rows.ts";
import { bumpIdentity } from "./identity-version.ts";
import { hasWayIn } from "./let-in.ts";
import { currentUser } from "./propose-change.ts";

/** The hash of a secret that only who asked has seen becomes the new source's key or the new user's sign-in code. Once (EYES-12). */
export async function collectSecret(
  tx: Kysely<Database>,
  trail: AuditTrail,
  given: {
    readonly requestId: string;
    readonly secretHash: string;
    readonly expiresAt: number;
    readonly userId: string;
  },
  now: number,
): Promise<ChangeRequestTable> {
  const { requestId, secretHash, expiresAt, userId } = given;
  const row = await requireRequest(tx, requestId);
  const hasSecret = row.kind === "source-add" || row.kind === "user-add";
  if (row.requested_by !== userId || !hasSecret) {
    throw new StoreError("not_found", "requestId: there is nothing here for you to fetch.");
  }
  if (row.state !== "APPLIED" || row.reverted_by !== null) {
    throw new StoreError("not_applied", "It waits for a second person, or was taken back.");
  }
  if (row.kind === "user-add" && row.collected_at === null) await requireNewcomer(tx, row, now);
  const { numUpdatedRows } = await tx
    .updateTable("change_request")
    .set({ collected_at: now })
    .where("request_id", "=", requestId)
    .where("collected_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new StoreError("already_collected", "It was shown already, and is shown once only.");
  }
  if (row.kind === "source-add") {
    await tx
      .updateTable("source")
      .set({ key_hash: secretHash })
      .where("source_id", "=", row.subject_id)
      .execute();
    await bumpIdentity(tx);
  } else {
    await keepSignInCode(tx, { codeHash: secretHash, userId: row.subject_id, expiresAt }, now);
    await tx
      .updateTable("app_user")
      .set({ let_in_by: userId })
      .where("user_id", "=", row.subject_id)
      .execute();
  }
  await trail.append(tx, [
    {
      at: now,
      actorKind: "user",
      actorId: userId,
      action: "token-made",
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      teamId: null,
      detail: {
        request: requestId,
        kind: row.kind === "source-add" ? "source key" : "sign-in code",
      },
    },
  ]);
  return { ...row, collected_at: now };
}

/**
 * A link lets whoever has it be that person. So it is for somebody who has no way in yet, soon after they were added, and fetched by one whom
 * nobody could be in the place of: else one person would become a second one.
 */
async function requireNewcomer(
  tx: Kysely<Database>,
  row: ChangeRequestTable,
  now: number,
): Promise<void> {
  if (now >= (row.decided_at ?? row.requested_at) + LIMITS.collectMs) {
    throw new StoreError(
      "collect_late",
      "The time to fetch this link is over: have the host make one (batchwatch user link).",
    );
  }
  if (await hasWayIn(tx, row.subject_id)) {
    throw new StoreError(
      "already_in",
      "They have a way in already: another link is made at the host only (batchwatch user link).",
    );
  }
  const asker = await currentUser(tx, row.requested_by);
  if (asker?.letInBy === undefined) return;
  throw new StoreError(
    "same_hands",
    "Your own sign-in link was fetched by somebody else: have the host make you a new one first (batchwatch user link), or theirs.",
  );
}
