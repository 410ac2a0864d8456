import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

export interface MetricFacts {
  readonly sockets: number;
  readonly jobs: number;
  readonly unsavedJobs: number;
  readonly unsavedRecords: number;
  readonly deadLetters: number;
  readonly intakeBytesInFlight: number;
  readonly boardRows: number;
  readonly lastDataAt: number | null;
}

/** Own metrics, Prometheus text. No label holds a name that a job chose. */
export class Metrics {
  readonly #registry = new Registry();
  readonly accepted: Counter<"contract">;
  readonly rejected: Counter<"contract">;

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
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
