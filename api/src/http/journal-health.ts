import type { HealthComponent, HealthStatus } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { walWords } from "./database-health.ts";
import { type HealthFacts, threadAway } from "./health-facts.ts";

/** Unsaved journal rows that are worth a word. */
const BEHIND_RECORDS = 100_000;
const REFUSED =
  "Nothing is accepted (503) and senders repeat; the board is served, and intake resumes by itself.";

export function journalHealth(facts: HealthFacts): HealthComponent {
  const { status, summary } = judge(facts);
  const { unsavedRecords, disk, damagedPositions, now } = facts;
  return {
    name: "journal",
    status,
    summary,
    details: {
      unsaved_records: unsavedRecords,
      rows: disk.journalRows,
      oldest_age_ms: disk.journalOldestAt === null ? null : now - disk.journalOldestAt,
      bytes: disk.journalBytes,
      wal_bytes: disk.journalWalBytes,
      disk_free_bytes: disk.freeBytes,
      damaged_positions: damagedPositions,
    },
  };
}

function judge(facts: HealthFacts): { status: HealthStatus; summary: string } {
  const down = downWords(facts);
  if (down !== null) return { status: "DOWN", summary: down };
  const degraded = degradedWords(facts);
  return degraded === null
    ? { status: "UP", summary: "Facts are kept before they are answered." }
    : { status: "DEGRADED", summary: degraded };
}

function downWords(facts: HealthFacts): string | null {
  const { journalFailure, journalUnreadable, refusal, disk } = facts;
  const away = threadAway(facts, "log");
  if (away !== null) return `The journal is being restarted (${away}). ${REFUSED}`;
  if (journalFailure === "SQLITE_FULL") {
    return `The journal's disk is full. Free space or enlarge the volume. ${REFUSED}`;
  }
  if (journalFailure !== null) {
    return `The journal cannot be written (${journalFailure}). Check the disk of the data folder. ${REFUSED}`;
  }
  if (journalUnreadable !== null) {
    return `The journal cannot be read (${journalUnreadable}). Check the disk of the data folder. What is accepted is kept, and shown once it can be.`;
  }
  if (refusal !== null) return `${refusal.message} Until then the board is served.`;
  return disk.journalError === null ? null : `The journal does not answer: ${disk.journalError}`;
}

function degradedWords({ damagedPositions, disk, unsavedRecords }: HealthFacts): string | null {
  if (damagedPositions > 0) {
    return (
      `${damagedPositions} positions of the journal cannot be read: what was accepted there is lost. Everything else goes on. ` +
      "Check the disk and restart Batchwatch: it keeps the damaged file aside and begins a new one."
    );
  }
  if (disk.journalWalBytes > API_LIMITS.walAlarmBytes) {
    return walWords("journal", disk.journalWalBytes);
  }
  return unsavedRecords > BEHIND_RECORDS
    ? `${unsavedRecords} accepted records wait to be saved.`
    : null;
}
