import type { AuditFact, IdentityStore, StoredToken } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { requireUser } from "./credential-store.ts";
import { bumpIdentity } from "./identity-version.ts";
import { vouchFor } from "./let-in.ts";
import { factBy } from "./person-facts.ts";

type AccessMethods = Pick<
  IdentityStore,
  "tokens" | "addToken" | "revokeToken" | "addSignInCode" | "useSignInCode"
>;

/** Tokens and sign-in codes. Expired ones are removed whenever one of their kind is added. */
export function accessMethods(db: Kysely<Database>, trail: AuditTrail): AccessMethods {
  const change = <T>(work: (tx: Kysely<Database>) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    tokens: (now) => readTokens(db, now),
    addToken: (token, now) => change((tx) => addToken(tx, trail, token, now)),
    revokeToken: (tokenHash, now) => change((tx) => revokeToken(tx, trail, tokenHash, now)),
    addSignInCode: (codeHash, userId, expiresAt, now) =>
      change((tx) => addSignInCode(tx, trail, { codeHash, userId, expiresAt }, now)),
    useSignInCode: (codeHash, now) => change((tx) => useSignInCode(tx, codeHash, now)),
  };
}

async function readTokens(db: Kysely<Database>, now: number): Promise<readonly StoredToken[]> {
  const rows = await db
    .selectFrom("access_token")
    .selectAll()
    .where("expires_at", ">", now)
    .where("revoked_at", "is", null)
    .execute();
  return rows.map((row) => ({
    tokenHash: row.token_hash,
    userId: row.user_id,
    kind: row.kind,
    expiresAt: row.expires_at,
  }));
}

async function addToken(
  tx: Kysely<Database>,
  trail: AuditTrail,
  token: StoredToken,
  now: number,
): Promise<void> {
  await requireUser(tx, token.userId);
  await tx.deleteFrom("access_token").where("expires_at", "<=", now).execute();
  await tx
    .insertInto("access_token")
    .values({
      token_hash: token.tokenHash,
      user_id: token.userId,
      kind: token.kind,
      created_at: now,
      expires_at: token.expiresAt,
      revoked_at: null,
    })
    .execute();
  const { userId, expiresAt } = token;
  await trail.append(tx, [tokenFact("token-made", token.tokenHash, now, { userId, expiresAt })]);
  await bumpIdentity(tx);
}

async function revokeToken(
  tx: Kysely<Database>,
  trail: AuditTrail,
  tokenHash: string,
  now: number,
): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable("access_token")
    .set({ revoked_at: now })
    .where("token_hash", "=", tokenHash)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await trail.append(tx, [tokenFact("token-revoked", tokenHash, now, {})]);
  await bumpIdentity(tx);
}

/** By the command line on the host, and recorded as its. Fails with `not_found`. */
async function addSignInCode(
  tx: Kysely<Database>,
  trail: AuditTrail,
  { codeHash, userId, expiresAt }: NewSignInCode,
  now: number,
): Promise<void> {
  await vouchFor(tx, trail, userId, "host", now);
  await keepSignInCode(tx, { codeHash, userId, expiresAt }, now);
  await trail.append(tx, [
    factBy("host", {
      at: now,
      action: "host-command",
      subjectKind: "user",
      subjectId: userId,
      detail: { what: "sign-in-link", expiresAt },
    }),
  ]);
}

export interface NewSignInCode {
  readonly codeHash: string;
  readonly userId: string;
  readonly expiresAt: number;
}

/** Fails with `not_found`. Who made it is recorded by the caller. */
export async function keepSignInCode(
  tx: Kysely<Database>,
  { codeHash, userId, expiresAt }: NewSignInCode,
  now: number,
): Promise<void> {
  await requireUser(tx, userId);
  await tx.deleteFrom("sign_in_code").where("expires_at", "<=", now).execute();
  await tx
    .insertInto("sign_in_code")
    .values({
      code_hash: codeHash,
      user_id: userId,
      created_at: now,
      expires_at: expiresAt,
      used_at: null,
    })
    .execute();
  await bumpIdentity(tx);
}

/** One conditional update decides, so that of two attempts at the same time one wins. */
async function useSignInCode(
  tx: Kysely<Database>,
  codeHash: string,
  now: number,
): Promise<string | null> {
  const { numUpdatedRows } = await tx
    .updateTable("sign_in_code")
    .set({ used_at: now })
    .where("code_hash", "=", codeHash)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  await bumpIdentity(tx);
  const row = await tx
    .selectFrom("sign_in_code")
    .select("user_id")
    .where("code_hash", "=", codeHash)
    .executeTakeFirstOrThrow();
  return row.user_id;
}

/** Of a token's hash so much is told that two tokens can be told apart. */
function tokenFact(
  action: "token-made" | "token-revoked",
  tokenHash: string,
  at: number,
  detail: AuditFact["detail"],
): AuditFact {
  const subjectId = tokenHash.slice(0, 12);
  return factBy("host", { at, action, subjectKind: "token", subjectId, detail });
}
