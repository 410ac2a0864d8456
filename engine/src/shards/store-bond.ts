/** What the journal says of itself and of its store. */
export interface JournalBond {
  /** Id of the store it belongs to; null until it was bound. */
  readonly storeId: string | null;
  readonly end: number;
  readonly truncatedTo: number;
  /** Rows not yet truncated. */
  readonly rows: number;
}

export interface StoreBond {
  readonly storeId: string;
  readonly marks: readonly { readonly partition: number; readonly position: number }[];
  /** The highest position that any mark or saved job goes up to. */
  readonly savedTo: number;
}

export type BondVerdict =
  /** They belong together. The journal goes on after `continueAfter`, so that no position is used twice. */
  | { readonly type: "bound"; readonly continueAfter: number; readonly rebound: boolean }
  /** The store is older than the truncation: facts between these positions are in neither. */
  | {
      readonly type: "restored";
      readonly continueAfter: number;
      readonly markedTo: number;
      readonly truncatedTo: number;
    }
  /** The journal holds facts of another store. */
  | { readonly type: "foreign"; readonly journalStoreId: string; readonly rows: number };

/**
 * Whether journal and store fit together (engine/SPEC.md UNIT-9). The journal's positions must go on above
 * all that the store has saved: a row at a position that counts as saved would never be read.
 */
export function judgeBond(journal: JournalBond, store: StoreBond): BondVerdict {
  const positions = store.marks.map((mark) => mark.position);
  const continueAfter = Math.max(journal.end, store.savedTo, ...positions);
  if (journal.storeId !== null && journal.storeId !== store.storeId) {
    return journal.rows > 0
      ? { type: "foreign", journalStoreId: journal.storeId, rows: journal.rows }
      : { type: "bound", continueAfter, rebound: true };
  }
  const markedTo = positions.length === 0 ? 0 : Math.min(...positions);
  return markedTo < journal.truncatedTo
    ? { type: "restored", continueAfter, markedTo, truncatedTo: journal.truncatedTo }
    : { type: "bound", continueAfter, rebound: false };
}
