import { MASK_KINDS, type MaskCounts, type MaskKind, type MaskTally } from "@batchwatch/engine";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { DiskFacts } from "../intake/disk-watch.ts";
import type { ThreadFacts } from "./health-facts.ts";

export interface MetricFacts {
  readonly sockets: number;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly unsavedRecords: number;
  readonly deadLetters: number;
  readonly intakeBytesInFlight: number;
  readonly boardRows: number;
  readonly lastDataAt: number | null;
  readonly threads: readonly ThreadFacts[];
  readonly disk: DiskFacts;
  readonly damagedPositions: number;
  readonly now: number;
}

/** Own metrics, Prometheus text. No label holds a name that a job chose. */
export class Metrics {
  readonly #registry = new Registry();
  readonly accepted: Counter<"contract">;
  readonly rejected: Counter<"contract">;
  readonly #masked: Counter<"kind">;
  readonly #maskKept: Counter<"kind">;

  constructor(facts: () => MetricFacts) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const gauge = (name: string, help: string, value: (facts: MetricFacts) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value(facts()));
        },
      });
    gauge("monitoring_websocket_active_connections", "Open live connections.", (f) => f.sockets);
    gauge("batchwatch_jobs", "Jobs followed.", (f) => f.jobs);
    gauge(
      "batchwatch_unsaved_jobs",
      "Jobs with changes not yet in the store.",
      (f) => f.unsavedJobs,
    );
    gauge(
      "batchwatch_journal_unsaved_records",
      "Journal rows not yet saved.",
      (f) => f.unsavedRecords,
    );
    gauge("batchwatch_dead_letters", "Facts the engine could not apply.", (f) => f.deadLetters);
    gauge(
      "batchwatch_intake_bytes_in_flight",
      "Request bytes being taken in.",
      (f) => f.intakeBytesInFlight,
    );
    gauge("batchwatch_board_rows", "Rows on the board.", (f) => f.boardRows);
    gauge("batchwatch_last_data_timestamp_seconds", "Newest receipt of any source.", (f) =>
      f.lastDataAt === null ? 0 : f.lastDataAt / 1_000,
    );
    gauge("batchwatch_journal_rows", "Rows in the journal.", (f) => f.disk.journalRows);
    gauge("batchwatch_journal_oldest_age_seconds", "Age of the journal's oldest row.", (f) =>
      f.disk.journalOldestAt === null ? 0 : (f.now - f.disk.journalOldestAt) / 1_000,
    );
    gauge("batchwatch_journal_bytes", "Size of the journal.", (f) => f.disk.journalBytes);
    gauge(
      "batchwatch_journal_damaged_positions",
      "Journal positions that cannot be read.",
      (f) => f.damagedPositions,
    );
    gauge(
      "batchwatch_disk_free_bytes",
      "Free space on the fuller of the disks of store and journal.",
      (f) => f.disk.freeBytes ?? Number.NaN,
    );
    threadMetrics(this.#registry, facts);
    const labelNames = ["contract"] as const;
    this.accepted = new Counter({
      name: "batchwatch_facts_accepted_total",
      help: "Facts accepted.",
      labelNames,
      registers,
    });
    this.rejected = new Counter({
      name: "batchwatch_facts_rejected_total",
      help: "Facts rejected.",
      labelNames,
      registers,
    });
    this.#masked = kindCounter("batchwatch_masked_total", "Values hidden at the door.", registers);
    this.#maskKept = kindCounter(
      "batchwatch_mask_kept_total",
      "Values found at the door and kept by an approved exception.",
      registers,
    );
  }

  /** Counts what was hidden of one request, and what exceptions left. */
  countMasks({ hidden, kept }: MaskTally): void {
    addKinds(this.#masked, hidden);
    addKinds(this.#maskKept, kept);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** Every kind is there from the start, so that "none" can be told from "not counted". */
function kindCounter(name: string, help: string, registers: Registry[]): Counter<"kind"> {
  const counter = new Counter({ name, help, labelNames: ["kind"] as const, registers });
  for (const kind of MASK_KINDS) counter.inc({ kind }, 0);
  return counter;
}

function addKinds(counter: Counter<"kind">, counts: MaskCounts): void {
  for (const kind in counts) counter.inc({ kind }, counts[kind as MaskKind] ?? 0);
}

/** Per thread and per file; the labels are our own names. */
function threadMetrics(registry: Registry, facts: () => MetricFacts): void {
  const restarts = new Counter({
    name: "batchwatch_thread_restarts_total",
    help: "Times a new thread took the place of a dead one.",
    labelNames: ["thread"],
    registers: [],
    collect() {
      this.reset();
      for (const one of facts().threads) this.inc({ thread: one.name }, one.restarts);
    },
  });
  const heartbeats = new Gauge({
    name: "batchwatch_thread_heartbeat_age_seconds",
    help: "Time since a thread's heartbeat last moved.",
    labelNames: ["thread"],
    registers: [],
    collect() {
      for (const one of facts().threads) this.set({ thread: one.name }, one.silentMs / 1_000);
    },
  });
  const running = new Gauge({
    name: "batchwatch_thread_running",
    help: "1 while the thread works, 0 while it is being replaced.",
    labelNames: ["thread"],
    registers: [],
    collect() {
      for (const one of facts().threads) {
        this.set({ thread: one.name }, one.phase === "running" ? 1 : 0);
      }
    },
  });
  const logs = new Gauge({
    name: "batchwatch_wal_bytes",
    help: "Size of a write-ahead log.",
    labelNames: ["file"],
    registers: [],
    collect() {
      const { journalWalBytes, storeWalBytes } = facts().disk;
      this.set({ file: "journal" }, journalWalBytes);
      this.set({ file: "store" }, storeWalBytes);
    },
  });
  registry.registerMetric(restarts);
  registry.registerMetric(heartbeats);
  registry.registerMetric(running);
  registry.registerMetric(logs);
}
