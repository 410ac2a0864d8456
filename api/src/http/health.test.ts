import type { HealthComponent } from "@batchwatch/engine";
import { describe, expect, it } from "vitest";
import { API_LIMITS } from "../options.ts";
import type { HealthFacts, ThreadFacts } from "./health-facts.ts";
import { systemHealthOf } from "./health.ts";

const NOW = 1_800_000_000_000;
const thread = (name: string, more: Partial<ThreadFacts> = {}): ThreadFacts => ({
  name,
  phase: "running",
  restarts: 0,
  silentMs: 0,
  lastCause: null,
  ...more,
});
const DISK: HealthFacts["disk"] = {
  freeBytes: 1e12,
  journalRows: 0,
  journalOldestAt: null,
  journalBytes: 0,
  journalWalBytes: 0,
  storeWalBytes: 0,
  journalError: null,
};
const WELL: HealthFacts = {
  threads: [thread("store"), thread("log"), thread("shard-0")],
  disk: DISK,
  refusal: null,
  journalFailure: null,
  journalUnreadable: null,
  damagedPositions: 0,
  restored: null,
  databaseError: null,
  storeTrouble: null,
  loadTrouble: null,
  upkeepHeld: false,
  unsavedRecords: 0,
  caughtUp: true,
  jobs: 3,
  unsavedJobs: 0,
  deadLetters: 0,
  quarantinedJobs: 0,
  sockets: 0,
  maxSockets: 10,
  lastDataAt: NOW,
  silentSources: [],
  alerting: {
    on: true,
    canary: { type: "young" },
    pushTrouble: null,
    unreachedSince: null,
    pending: 0,
    oldestPendingAt: null,
    dead: 0,
    unreached: 0,
    openIncidents: 0,
  },
  approvals: { waiting: 0, breakGlass: 0, revertsAt: null, approversAreOne: false },
  auditTrouble: null,
  auditSeq: 7,
  now: NOW,
};
const away = (name: string) => [
  ...WELL.threads.filter((one) => one.name !== name),
  thread(name, { phase: "backing-off", lastCause: "it threw", restarts: 1 }),
];

const cases: [string, Partial<HealthFacts>, HealthComponent["name"], string, RegExp][] = [
  ["store away", { threads: away("store") }, "database", "DOWN", /restarted \(it threw\)/],
  ["store full", { storeTrouble: "SQLITE_FULL" }, "database", "DOWN", /disk is full.*Free space/],
  ["saving fails", { storeTrouble: "SQLITE_IOERR" }, "database", "DOWN", /SQLITE_IOERR/],
  ["store silent", { databaseError: "no answer" }, "database", "DOWN", /no answer/],
  [
    "store's log grows",
    { disk: { ...DISK, storeWalBytes: API_LIMITS.walAlarmBytes + 1 } },
    "database",
    "DEGRADED",
    /write-ahead log of the store has 256 MiB/,
  ],
  [
    "older store",
    { restored: { markedTo: 5, truncatedTo: 9 } },
    "database",
    "DEGRADED",
    /between journal positions 5 and 9 are missing/,
  ],
  ["log away", { threads: away("log") }, "journal", "DOWN", /restarted \(it threw\).*503/],
  ["journal full", { journalFailure: "SQLITE_FULL" }, "journal", "DOWN", /disk is full/],
  ["journal failing", { journalFailure: "SQLITE_IOERR_FSYNC" }, "journal", "DOWN", /IOERR_FSYNC/],
  [
    "journal unreadable",
    { journalUnreadable: "SQLITE_IOERR_READ" },
    "journal",
    "DOWN",
    /cannot be read \(SQLITE_IOERR_READ\)/,
  ],
  [
    "at a limit",
    { refusal: { code: "disk_reserve", message: "The disk has 3 MiB left." } },
    "journal",
    "DOWN",
    /3 MiB left/,
  ],
  ["damaged", { damagedPositions: 6 }, "journal", "DEGRADED", /6 positions.*cannot be read/],
  [
    "journal's log grows",
    { disk: { ...DISK, journalWalBytes: API_LIMITS.walAlarmBytes + 1 } },
    "journal",
    "DEGRADED",
    /write-ahead log of the journal/,
  ],
  ["behind", { unsavedRecords: 100_001 }, "journal", "DEGRADED", /100001 accepted records/],
  ["shard away", { threads: away("shard-0") }, "engine", "DEGRADED", /shard-0 is being replaced/],
  [
    "a shard cannot load",
    { caughtUp: false, loadTrouble: { name: "shard-1", cause: "SQLITE_CORRUPT" } },
    "engine",
    "DOWN",
    /shard-1 cannot load its jobs \(SQLITE_CORRUPT\)/,
  ],
  ["catching up", { caughtUp: false }, "engine", "DEGRADED", /Catching up/],
  [
    "a source is silent",
    { silentSources: [{ name: "core-bank", since: Date.UTC(2026, 10, 24, 2, 14) }] },
    "dataFreshness",
    "DEGRADED",
    /No data from core-bank since 02:14 UTC: runs unknown, not failed/,
  ],
  [
    "break-glass",
    {
      approvals: {
        waiting: 1,
        breakGlass: 2,
        revertsAt: Date.UTC(2026, 10, 24, 4, 12),
        approversAreOne: false,
      },
    },
    "approvals",
    "DEGRADED",
    /2 changes stand under break-glass.* 04:12 UTC/,
  ],
  [
    "no second person",
    { approvals: { waiting: 1, breakGlass: 0, revertsAt: null, approversAreOne: true } },
    "approvals",
    "UP",
    /There is none.*batchwatch user link/,
  ],
  [
    "the push keys are lost",
    { alerting: { ...WELL.alerting, pushTrouble: "The push keys cannot be opened." } },
    "alerting",
    "DOWN",
    /No phone can be woken: The push keys/,
  ],
  [
    "pages reach nobody",
    { alerting: { ...WELL.alerting, unreachedSince: NOW - 40_000, dead: 1 } },
    "alerting",
    "DOWN",
    /No page has reached anybody for 40 s/,
  ],
  [
    "somebody was not reached",
    { alerting: { ...WELL.alerting, dead: 5, unreached: 2 } },
    "alerting",
    "DEGRADED",
    /2 notifications of open incidents reached nobody/,
  ],
  [
    "an uninstalled phone of long ago",
    { alerting: { ...WELL.alerting, dead: 5 } },
    "alerting",
    "UP",
    /test page/,
  ],
  ["clock ahead", { upkeepHeld: true }, "database", "DEGRADED", /nothing that is old is removed/],
  ["heads gone", { auditTrouble: "The file was gone." }, "audit", "DEGRADED", /was gone/],
  ["a job in quarantine", { quarantinedJobs: 1 }, "engine", "DEGRADED", /1 job is not followed/],
  ["dead letters", { deadLetters: 2 }, "engine", "DEGRADED", /2 facts could not be applied/],
];

describe("health in words for the platform owner [SUP-4, SUP-5, SUP-8]", () => {
  it("is up when all is well", () => {
    expect(systemHealthOf(WELL).status).toBe("UP");
  });

  it.each(cases)("%s", (_name, facts, component, status, words) => {
    const health = systemHealthOf({ ...WELL, ...facts });
    const one = health.components.find(({ name }) => name === component);
    expect({ status: one?.status, summary: one?.summary }).toEqual({
      status,
      summary: expect.stringMatching(words) as string,
    });
    expect(health.status).toBe(status);
  });
});
