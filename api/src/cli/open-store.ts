import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { openStores } from "@batchwatch/db";
import type { Stores } from "@batchwatch/engine";
import { readSettings, type Settings } from "../settings.ts";

/** The command line writes what people set; runs are the server's alone. */
function joinSummaries(): never {
  throw new Error("The command line saves no runs.");
}

/** Opens the store of these settings, beside a running server or without one, and closes it whatever happens. */
export async function withStores<T>(
  env: NodeJS.ProcessEnv,
  use: (stores: Stores, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = readSettings(env);
  await mkdir(dirname(settings.databasePath), { recursive: true });
  const opened = await openStores({ path: settings.databasePath, joinSummaries });
  try {
    return await use(opened.stores, settings);
  } finally {
    await opened.close();
  }
}
