import { StoreError } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { ChangeRequestTable } from "../schema/approval-tables.ts";
import type { Database } from "../schema/database.ts";
import { keepSignInCode } from "./access-store.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { requireRequest } from "./change-request-rows.ts";
import { bumpIdentity } from "./identity-version.ts";

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
