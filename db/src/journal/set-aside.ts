import { existsSync, renameSync } from "node:fs";

/**
 * Keeps a damaged journal, whose readable rows are all saved, under another name; the next start makes a new
 * one. Nobody may have it open. Answers the new name.
 */
export function setJournalAside(path: string, now: number): string {
  const when = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
  const aside = `${path}.damaged-${when}Z`;
  for (const part of ["-wal", "-shm", ""]) {
    if (existsSync(path + part)) renameSync(path + part, aside + part);
  }
  return aside;
}
