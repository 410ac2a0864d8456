/** Why a piece was not saved, by the code of the error. */
export type SaveFailure =
  /** The store is away, its disk is full or does not answer: the same piece is sent again until it is. */
  | "away"
  /** The store has read the piece and does not take it. */
  | "refused";

/** Codes that say something of the store's place and nothing of what was to be written. */
const AWAY: ReadonlySet<string> = new Set([
  "store_away",
  "SQLITE_FULL",
  "SQLITE_BUSY",
  "SQLITE_LOCKED",
  "SQLITE_CANTOPEN",
  "SQLITE_READONLY",
  "SQLITE_NOMEM",
  "SQLITE_PROTOCOL",
  "SQLITE_CORRUPT",
  "SQLITE_NOTADB",
]);

export function saveFailureOf(code: string | null): SaveFailure {
  if (code === null) return "refused";
  const family = code.split("_").slice(0, 2).join("_");
  return AWAY.has(code) || AWAY.has(family) || family === "SQLITE_IOERR" ? "away" : "refused";
}
