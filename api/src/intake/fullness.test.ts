import { describe, expect, it } from "vitest";
import { API_LIMITS } from "../options.ts";
import type { DiskFacts } from "./disk-watch.ts";
import { refusalOf, writeFailure } from "./fullness.ts";

const MIB = 1_048_576;
const NOW = 1_800_000_000_000;
const disk = (more: Partial<DiskFacts> = {}): DiskFacts => ({
  freeBytes: 1_000 * MIB,
  journalRows: 0,
  journalOldestAt: null,
  journalBytes: 0,
  journalWalBytes: 0,
  storeWalBytes: 0,
  journalError: null,
  ...more,
});
const codeOf = (more: Partial<DiskFacts>, unsavedRecords = 0) =>
  refusalOf({ disk: disk(more), unsavedRecords, reserveBytes: 256 * MIB, now: NOW })?.code ?? null;

describe("intake stops at its named limits", () => {
  it("[SUP-4] before the disk is full, at the reserve and not above it", () => {
    expect(codeOf({ freeBytes: 256 * MIB })).toBeNull();
    expect(codeOf({ freeBytes: 256 * MIB - 1 })).toBe("disk_reserve");
    expect(codeOf({ freeBytes: null })).toBeNull();
  });

  it("at the journal's rows, size and age", () => {
    expect(codeOf({}, API_LIMITS.unsavedJournalRecords + 1)).toBe("journal_full");
    expect(codeOf({ journalBytes: API_LIMITS.journalBytes + 1 })).toBe("journal_full");
    expect(codeOf({ journalOldestAt: NOW - API_LIMITS.journalAgeMs })).toBeNull();
    expect(codeOf({ journalOldestAt: NOW - API_LIMITS.journalAgeMs - 1 })).toBe("journal_old");
  });

  it("says what kept a write from being durable", () => {
    expect(writeFailure("SQLITE_FULL").code).toBe("disk_full");
    expect(writeFailure("SQLITE_IOERR_WRITE").code).toBe("journal_failed");
    expect(writeFailure("not_durable").code).toBe("not_durable");
    expect(writeFailure(null).code).toBe("not_durable");
  });
});
