import type { HealthComponent, HealthStatus } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { type HealthFacts, threadAway } from "./health-facts.ts";

const KEPT = "Facts are kept in the journal and the board stays live; saving resumes by itself.";

export function databaseHealth(facts: HealthFacts): HealthComponent {
  const { status, summary } = judge(facts);
  const { unsavedJobs, disk } = facts;
  return {
    name: "database",
    status,
    summary,
    details: { unsaved_jobs: unsavedJobs, wal_bytes: disk.storeWalBytes },
  };
}

function judge(facts: HealthFacts): { status: HealthStatus; summary: string } {
  const { databaseError, storeTrouble, restored, disk, upkeepHeld } = facts;
  const away = threadAway(facts, "store");
  if (away !== null) {
    return { status: "DOWN", summary: `The store is being restarted (${away}). ${KEPT}` };
  }
  if (storeTrouble === "SQLITE_FULL") {
    return {
      status: "DOWN",
      summary: `The store's disk is full: nothing is saved. Free space or enlarge the volume. ${KEPT}`,
    };
  }
  if (storeTrouble !== null) {
    return { status: "DOWN", summary: `Nothing is saved (${storeTrouble}). ${KEPT}` };
  }
  if (databaseError !== null) {
    return { status: "DOWN", summary: `The database does not answer: ${databaseError}` };
  }
  if (disk.storeWalBytes > API_LIMITS.walAlarmBytes) {
    return { status: "DEGRADED", summary: walWords("store", disk.storeWalBytes) };
  }
  if (upkeepHeld) {
    return {
      status: "DEGRADED",
      summary:
        "The clock went far ahead of all that is known: nothing that is old is removed. Check the machine's time; it goes on once that has run for a day.",
    };
  }
  if (restored !== null) {
    return {
      status: "DEGRADED",
      summary:
        `The store was older than the journal when Batchwatch started: facts between journal positions ` +
        `${restored.markedTo} and ${restored.truncatedTo} are missing. Their senders may send them again.`,
    };
  }
  return { status: "UP", summary: "The database answers." };
}

/** A write-ahead log that only grows: some reader holds an old state of the file. */
export function walWords(file: string, bytes: number): string {
  const mib = Math.round(bytes / 1_048_576);
  return `The write-ahead log of the ${file} has ${mib} MiB. Another program may hold the file open in a transaction: end it.`;
}
