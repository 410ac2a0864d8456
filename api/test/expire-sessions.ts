import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { ServerProcess } from "./server-process.ts";

/** As if twelve hours had passed: the time of every browser session is over, and nothing else. The running server sees it within a second. */
export function expireSessions({ dataDir }: ServerProcess): void {
  const store = new Sqlite(join(dataDir, "batchwatch.db"), { timeout: 5_000 });
  try {
    store.transaction(() => {
      store.prepare("update browser_session set expires_at = ?").run(Date.now() - 1);
      store
        .prepare("update store_meta set int_value = int_value + 1 where meta_key = ?")
        .run("identity_version");
    })();
  } finally {
    store.close();
  }
}
