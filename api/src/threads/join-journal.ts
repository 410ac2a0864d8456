import { type BondVerdict, type JournalBond, judgeBond, type Stores } from "@batchwatch/engine";
import type { LogClient } from "./log-client.ts";

/** The journal holds facts of another store; nothing was touched. */
export class ForeignStoreError extends Error {
  readonly code = "foreign_store";
  constructor(journalStoreId: string, storeId: string, rows: number) {
    super(
      `The journal holds ${rows} records that were accepted for another store (${journalStoreId}); this one is ${storeId}. ` +
        "Start once with that store, so that they are saved, or move journal.db away to give them up.",
    );
    this.name = "ForeignStoreError";
  }
}

/** Makes sure that journal and store belong together before anything is accepted. [UNIT-9] */
export async function joinJournal(
  log: LogClient,
  bond: JournalBond,
  stores: Stores,
): Promise<Exclude<BondVerdict, { type: "foreign" }>> {
  const storeId = await stores.service.storeId();
  const { partitions } = stores;
  const [marks, savedTo] = [await partitions.marks(), await partitions.savedTo()];
  const verdict = judgeBond(bond, { storeId, marks, savedTo });
  if (verdict.type === "foreign") {
    throw new ForeignStoreError(verdict.journalStoreId, storeId, verdict.rows);
  }
  await log.bind(storeId, verdict.continueAfter);
  return verdict;
}
