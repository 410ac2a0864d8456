import { StoreError, type ChangeAuthor } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import { DB_LIMITS } from "../schema/limits.ts";

/**
 * Carries a command out once: a repeat by the same person changes nothing and gets the first answer,
 * which is kept in the transaction of the change. Fails with `command_reused` when the id was another command's.
 */
export async function once<T>(
  tx: Kysely<Database>,
  by: ChangeAuthor,
  action: string,
  now: number,
  work: () => Promise<T>,
): Promise<T> {
  if (by.commandId === undefined) return work();
  const done = await doneCommand(tx, { commandId: by.commandId, userId: by.userId, action });
  if (done !== null) return JSON.parse(done) as T;
  const answer = await work();
  await forgetOldCommands(tx, now);
  await keepCommand(tx, { commandId: by.commandId, userId: by.userId, action }, now, answer);
  return answer;
}

/** Who asked for what under an id; `action` is text that says all of it, at most 60 characters. */
export interface CommandKey {
  readonly commandId: string;
  readonly userId: string;
  readonly action: string;
}

/** The answer it was given, as JSON; null when it is new. Fails with `command_reused` when the id was another command's. */
export async function doneCommand(
  db: Kysely<Database>,
  { commandId, userId, action }: CommandKey,
): Promise<string | null> {
  const done = await db
    .selectFrom("command_done")
    .selectAll()
    .where("command_id", "=", commandId)
    .executeTakeFirst();
  if (done === undefined) return null;
  if (done.user_id === userId && done.action === action) return done.answer;
  throw new StoreError(
    "command_reused",
    "commandId: this id was used for another command; make a new one for each command.",
  );
}

export async function keepCommand(
  tx: Kysely<Database>,
  { commandId, userId, action }: CommandKey,
  now: number,
  answer: unknown,
): Promise<void> {
  await tx
    .insertInto("command_done")
    .values({
      command_id: commandId,
      user_id: userId,
      action,
      done_at: now,
      answer: JSON.stringify(answer),
    })
    .execute();
}

export async function forgetOldCommands(tx: Kysely<Database>, now: number): Promise<void> {
  await tx
    .deleteFrom("command_done")
    .where("done_at", "<", now - DB_LIMITS.commandKeptMs)
    .execute();
}
