import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries } from "@batchwatch/engine";

/**
 * Adds so many sources that page, straight to the store of a server that does not run yet, and returns their keys. Three jobs of one
 * source that fail at once are one incident, so that many incidents need many sources.
 */
export async function addPagingSources(dataDir: string, count: number): Promise<readonly string[]> {
  const { stores, close } = await openStores({
    path: join(dataDir, "batchwatch.db"),
    joinSummaries: joinStoredSummaries,
  });
  try {
    const keys: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const key = `bws_${randomBytes(32).toString("base64url")}`;
      keys.push(key);
      const source = {
        name: `paging-${index}`,
        contract: "native",
        environment: "PROD",
        zone: "UTC",
        pagingMode: "PAGING",
        teamName: null,
        keyHash: createHash("sha256").update(key).digest("hex"),
      } as const;
      await stores.sources.add(source, Date.now());
    }
    return keys;
  } finally {
    await close();
  }
}
