import type { User } from "@batchwatch/engine";
import { Callers } from "./caller.ts";
import type { Directory } from "./directory.ts";

/** The user of a program's token as every call finds them; null: nobody that may call. People's access tokens are not known here. */
export async function userByToken(
  directory: Directory,
  token: string,
  now: number,
): Promise<User | null> {
  const callers = new Callers(directory, { read: async () => null }, () => {});
  return (await callers.byToken(token, now))?.user ?? null;
}
