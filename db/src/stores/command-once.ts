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
  const done = await tx
    .selectFrom("command_done")
    .selectAll()
    .where("command_id", "=", by.commandId)
    .executeTakeFirst();
  if (done !== undefined) {
    if (done.user_id === by.userId && done.action === action) return JSON.parse(done.answer) as T;
    throw new StoreError(
      "command_reused",
      "commandId: this id was used for another command; make a new one for each command.",
    );
  }
  const answer = await work();
  await tx
    .deleteFrom("command_done")
    .where("done_at", "<", now - DB_LIMITS.commandKeptMs)
    .execute();
  await tx
    .insertInto("command_done")
    .values({
      command_id: by.commandId,
      user_id: by.userId,
      action,
      done_at: now,
      answer: JSON.stringify(answer),
    })
    .execute();
  return answer;
}
