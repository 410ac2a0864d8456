import { API_LIMITS } from "../options.ts";
import type { DiskFacts } from "./disk-watch.ts";

/** Why nothing is accepted for now; the producer repeats after Retry-After seconds. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export interface FullnessFacts {
  readonly disk: DiskFacts;
  /** Journal rows not yet saved. */
  readonly unsavedRecords: number;
  readonly reserveBytes: number;
  readonly now: number;
}

const AGAIN = "Send this again after Retry-After seconds.";

/** The named limits at which intake stops by itself, so that what is accepted can still be saved. */
export function refusalOf(facts: FullnessFacts): Refusal | null {
  const { disk, unsavedRecords, reserveBytes, now } = facts;
  if (disk.freeBytes !== null && disk.freeBytes < reserveBytes) {
    const message = `The disk has ${mib(disk.freeBytes)} MiB left, less than the ${mib(reserveBytes)} MiB kept for saving. ${AGAIN}`;
    return { code: "disk_reserve", message };
  }
  if (unsavedRecords > API_LIMITS.unsavedJournalRecords) {
    return { code: "journal_full", message: `The store is behind the journal. ${AGAIN}` };
  }
  if (disk.journalBytes > API_LIMITS.journalBytes) {
    return {
      code: "journal_full",
      message: `The journal holds ${mib(disk.journalBytes)} MiB. ${AGAIN}`,
    };
  }
  if (disk.journalOldestAt !== null && now - disk.journalOldestAt > API_LIMITS.journalAgeMs) {
    const hours = Math.floor((now - disk.journalOldestAt) / 3_600_000);
    return { code: "journal_old", message: `Nothing was saved for ${hours} h. ${AGAIN}` };
  }
  return null;
}

/** What a failed write of the journal means for the producer: not accepted, whatever the cause. */
export function writeFailure(code: string | null): Refusal {
  if (code === "SQLITE_FULL") {
    return {
      code: "disk_full",
      message: `The journal's disk is full; nothing was accepted. ${AGAIN}`,
    };
  }
  if (code?.startsWith("SQLITE_") === true) {
    return {
      code: "journal_failed",
      message: `The journal could not be written (${code}); nothing was accepted. ${AGAIN}`,
    };
  }
  return {
    code: "not_durable",
    message: `The journal did not take this, so it was not accepted. ${AGAIN}`,
  };
}

function mib(bytes: number): number {
  return Math.floor(bytes / 1_048_576);
}
