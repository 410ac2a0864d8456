import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { openStores } from "@batchwatch/db";
import type { Stores } from "@batchwatch/engine";
import { auditKeyOf } from "../auth/audit-key.ts";
import { openSecret } from "../auth/secret-file.ts";
import type { Seal } from "../auth/seal.ts";
import { readSettings, type Settings } from "../settings.ts";

/** The command line writes what people set; runs are the server's alone. */
function joinSummaries(): never {
  throw new Error("The command line saves no runs.");
}

/**
 * Opens the store of these settings, beside a running server or without one, and closes it whatever happens. What it changes is
 * audited, so it needs the secret file as the server does.
 */
export async function withStores<T>(
  env: NodeJS.ProcessEnv,
  use: (stores: Stores, settings: Settings, seal: Seal) => Promise<T>,
): Promise<T> {
  const settings = readSettings(env);
  await mkdir(dirname(settings.databasePath), { recursive: true });
  const { seal } = await openSecret(settings);
  const opened = await openStores({
    path: settings.databasePath,
    auditKey: auditKeyOf(seal),
    joinSummaries,
  });
  try {
    return await use(opened.stores, settings, seal);
  } finally {
    await opened.close();
  }
}
