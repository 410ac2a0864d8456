import type { DiskFacts } from "../intake/disk-watch.ts";
import type { AlertingFacts, ThreadFacts } from "./health-facts.ts";
import type { LoopDelays } from "./loop-delay.ts";

/** What `/metrics` is made of at one moment; gathered by main, once for each scrape. */
export interface MetricFacts {
  readonly sockets: number;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly unsavedRecords: number;
  /** Journal rows that the slowest shard has still to read. */
  readonly behind: number;
  /** When the oldest piece that the store has not answered was given to it, epoch ms. */
  readonly savingSince: number | null;
  readonly storeCalls: number;
  readonly deadLetters: number;
  readonly quarantinedJobs: number;
  readonly intakeBytesInFlight: number;
  readonly boardRows: number;
  readonly lastDataAt: number | null;
  /** Newest receipt of each source, by its id; at most API_LIMITS.sourcesInMetrics. */
  readonly sourcesSeen: ReadonlyMap<string, number>;
  readonly threads: readonly ThreadFacts[];
  readonly threadDelays: readonly { readonly name: string; readonly ms: number }[];
  readonly loop: LoopDelays;
  readonly disk: DiskFacts;
  readonly damagedPositions: number;
  readonly alerting: AlertingFacts;
  /** Number of the newest audit record; null where it is not known. */
  readonly auditSeq: number | null;
  readonly now: number;
}

/** A figure without labels: its name, what it is, and where it comes from. */
type PlainGauge = readonly [name: string, help: string, value: (facts: MetricFacts) => number];

const secondsSince = (at: number | null, now: number) =>
  at === null ? 0 : Math.max(0, now - at) / 1_000;

export const PLAIN_GAUGES: readonly PlainGauge[] = [
  ["monitoring_websocket_active_connections", "Open live connections.", (f) => f.sockets],
  ["batchwatch_jobs", "Jobs followed.", (f) => f.jobs],
  [
    "batchwatch_last_data_timestamp_seconds",
    "Newest receipt of any source.",
    (f) => (f.lastDataAt ?? 0) / 1_000,
  ],
  ["batchwatch_board_rows", "Rows on the board.", (f) => f.boardRows],
  ["batchwatch_quarantined_jobs", "Jobs that are not followed.", (f) => f.quarantinedJobs],
  ["batchwatch_dead_letters", "Facts the engine could not apply.", (f) => f.deadLetters],
  ["batchwatch_intake_bytes_in_flight", "Request bytes taken in.", (f) => f.intakeBytesInFlight],
  ["batchwatch_journal_rows", "Rows in the journal.", (f) => f.disk.journalRows],
  ["batchwatch_journal_unsaved_records", "Journal rows not saved.", (f) => f.unsavedRecords],
  ["batchwatch_journal_unread_records", "Journal rows not read by a shard.", (f) => f.behind],
  [
    "batchwatch_journal_oldest_age_seconds",
    "Age of the journal's oldest row.",
    (f) => secondsSince(f.disk.journalOldestAt, f.now),
  ],
  ["batchwatch_journal_bytes", "Size of the journal.", (f) => f.disk.journalBytes],
  [
    "batchwatch_journal_damaged_positions",
    "Journal positions that cannot be read.",
    (f) => f.damagedPositions,
  ],
  ["batchwatch_unsaved_jobs", "Jobs with changes not yet in the store.", (f) => f.unsavedJobs],
  [
    "batchwatch_unit_oldest_age_seconds",
    "Age of the oldest piece that the store has not answered.",
    (f) => secondsSince(f.savingSince, f.now),
  ],
  ["batchwatch_store_calls", "Calls that the store has not answered.", (f) => f.storeCalls],
  ["batchwatch_outbox_pending", "Notifications still to be sent.", (f) => f.alerting.pending],
  ["batchwatch_outbox_dead", "Notifications given up.", (f) => f.alerting.dead],
  [
    "batchwatch_outbox_oldest_age_seconds",
    "Age of the oldest notification still to be sent.",
    (f) => secondsSince(f.alerting.oldestPendingAt, f.now),
  ],
  [
    "batchwatch_incidents_open",
    "Incidents that are not resolved.",
    (f) => f.alerting.openIncidents,
  ],
  [
    "batchwatch_canary_seconds",
    "What the last test page took from failure to arrival; NaN before the first.",
    ({ alerting: { canary } }) => (canary.type === "singing" ? canary.tookMs / 1_000 : Number.NaN),
  ],
  ["batchwatch_audit_seq", "Number of the newest audit record.", (f) => f.auditSeq ?? Number.NaN],
  [
    "batchwatch_disk_free_bytes",
    "Free space on the fuller of the disks of store and journal.",
    (f) => f.disk.freeBytes ?? Number.NaN,
  ],
];

type Sample = readonly [label: string, value: number];
/** A figure for each of a few things; the label holds a name or id of ours, never one that a job chose. */
interface LabelledGauge {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly samples: (facts: MetricFacts) => readonly Sample[];
}

export const LABELLED_GAUGES: readonly LabelledGauge[] = [
  {
    name: "batchwatch_source_last_fact_age_seconds",
    help: "Time since the last fact of a source, by its id.",
    label: "source",
    samples: ({ sourcesSeen, now }) =>
      [...sourcesSeen].map(([sourceId, at]) => [sourceId, secondsSince(at, now)]),
  },
  {
    name: "batchwatch_event_loop_delay_seconds",
    help: "How late the main thread's event loop ran since the last scrape.",
    label: "at",
    samples: ({ loop }) => [
      ["median", loop.p50],
      ["p99", loop.p99],
      ["most", loop.max],
    ],
  },
  {
    name: "batchwatch_thread_delay_max_seconds",
    help: "How late a thread's event loop ran at most since the last scrape.",
    label: "thread",
    samples: ({ threadDelays }) => threadDelays.map(({ name, ms }) => [name, ms / 1_000]),
  },
  {
    name: "batchwatch_thread_heartbeat_age_seconds",
    help: "Time since a thread's heartbeat last moved.",
    label: "thread",
    samples: ({ threads }) => threads.map(({ name, silentMs }) => [name, silentMs / 1_000]),
  },
  {
    name: "batchwatch_thread_running",
    help: "1 while the thread works, 0 while it is being replaced.",
    label: "thread",
    samples: ({ threads }) => threads.map(({ name, phase }) => [name, phase === "running" ? 1 : 0]),
  },
  {
    name: "batchwatch_wal_bytes",
    help: "Size of a write-ahead log.",
    label: "file",
    samples: ({ disk }) => [
      ["journal", disk.journalWalBytes],
      ["store", disk.storeWalBytes],
    ],
  },
];
