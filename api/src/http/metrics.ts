import {
  type Alert,
  MASK_KINDS,
  type MaskCounts,
  type MaskKind,
  type MaskTally,
  SERVICE_TEAM_ID,
  severityOf,
} from "@batchwatch/engine";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { API_LIMITS } from "../options.ts";
import type { VitalsReport } from "../trpc/vitals.ts";
import { LABELLED_GAUGES, type MetricFacts, PLAIN_GAUGES } from "./metric-facts.ts";

export type { MetricFacts } from "./metric-facts.ts";

/** From a tenth of a second to half a minute; the promises are 3 s on a desktop and 4 s on 3G [S32]. */
const LOAD_BUCKETS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 10, 20, 30];
/** Interactions are shorter than loads. */
const VITAL_BUCKETS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 1.8, 2.5, 4, 8, 15, 30];

/** What a page says of its own loading, seconds; null: it cannot say. */
export interface PageLoad {
  readonly shownSeconds: number;
  /** Where the first board that it showed came from. */
  readonly from: "server" | "device";
  readonly vitals: Readonly<Record<"ttfb" | "fcp" | "lcp" | "inp", number | null>>;
}

export function pageLoadOf(report: VitalsReport): PageLoad {
  const seconds = (ms: number | null | undefined) =>
    ms === null || ms === undefined ? null : ms / 1_000;
  const { shownMs, from, ttfbMs, fcpMs, lcpMs, inpMs } = report;
  const vitals = {
    ttfb: seconds(ttfbMs),
    fcp: seconds(fcpMs),
    lcp: seconds(lcpMs),
    inp: seconds(inpMs),
  };
  return { shownSeconds: shownMs / 1_000, from, vitals };
}

/** Own metrics, Prometheus text. No label holds a name that a job, a person or a caller chose. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #facts: () => MetricFacts;
  /** The facts of the scrape that is under way. */
  #current: MetricFacts | null = null;
  readonly accepted: Counter<"contract">;
  readonly rejected: Counter<"contract">;
  /** Facts of refusals and of looks at incidents that are in no record. */
  readonly auditLost: Counter;
  readonly #masked: Counter<"kind">;
  readonly #maskKept: Counter<"kind">;
  readonly #refused: Counter<"route" | "status">;
  readonly #refusedCalls: Counter<"procedure" | "code">;
  readonly #refusedSockets: Counter<"status">;
  readonly #signIns: Counter<"route" | "result">;
  readonly #alerts: Counter<"rule" | "severity">;
  readonly #loads: Histogram<"from">;
  readonly #vitals: Histogram<"vital">;
  /** Openings of alerts that were counted, by alert; a change of one that goes on is no new one. */
  readonly #counted = new Map<string, number>();

  constructor(facts: () => MetricFacts) {
    this.#facts = facts;
    collectDefaultMetrics({ register: this.#registry });
    this.#gauges();
    this.accepted = this.#counter("batchwatch_facts_accepted_total", "Facts accepted.", "contract");
    this.rejected = this.#counter("batchwatch_facts_rejected_total", "Facts rejected.", "contract");
    this.auditLost = this.#counter(
      "batchwatch_audit_lost_total",
      "Refusals and looks at incidents that could not be recorded.",
    );
    this.#refused = this.#counter(
      "batchwatch_requests_refused_total",
      "Requests that were refused or failed, by route.",
      "route",
      "status",
    );
    this.#refusedCalls = this.#counter(
      "batchwatch_calls_refused_total",
      "Calls of procedures that were refused or failed.",
      "procedure",
      "code",
    );
    this.#refusedSockets = this.#counter(
      "batchwatch_sockets_refused_total",
      "Live connections that were refused.",
      "status",
    );
    this.#signIns = this.#counter(
      "batchwatch_sign_ins_total",
      "Answers of the sign-in routes.",
      "route",
      "result",
    );
    this.#alerts = this.#counter(
      "monitoring_alerts_triggered_total",
      "Alerts that began to hold, by rule and severity.",
      "rule",
      "severity",
    );
    this.#loads = new Histogram({
      name: "monitoring_dashboard_load_time_seconds",
      help: "Time until a page showed the board, as the page reports it.",
      labelNames: ["from"],
      buckets: LOAD_BUCKETS,
      registers: [this.#registry],
    });
    this.#vitals = new Histogram({
      name: "monitoring_web_vital_seconds",
      help: "Web vitals of pages: time to first byte, first and largest paint, slowest interaction.",
      labelNames: ["vital"],
      buckets: VITAL_BUCKETS,
      registers: [this.#registry],
    });
    this.#masked = kindCounter("batchwatch_masked_total", "Values hidden at the door.", [
      this.#registry,
    ]);
    this.#maskKept = kindCounter(
      "batchwatch_mask_kept_total",
      "Values found at the door and kept by an approved exception.",
      [this.#registry],
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

  async text(): Promise<string> {
    this.#current = this.#facts();
    try {
      return await this.#registry.metrics();
    } finally {
      this.#current = null;
    }
  }

  /** A request that was answered with this status. `route` as declared. */
  answered(route: string, status: number): void {
    if (route.startsWith("/auth/")) this.#signIns.inc({ route, result: resultOf(status) });
    if (status >= 400) this.#refused.inc({ route, status: String(status) });
  }

  /** `procedure`: one of ours, or "unknown". */
  callRefused(procedure: string, code: string): void {
    this.#refusedCalls.inc({ procedure, code });
  }

  socketRefused(status: number): void {
    this.#refusedSockets.inc({ status: String(status) });
  }

  pageLoaded({ shownSeconds, from, vitals }: PageLoad): void {
    this.#loads.observe({ from }, shownSeconds);
    for (const [vital, seconds] of Object.entries(vitals)) {
      if (seconds !== null) this.#vitals.observe({ vital }, seconds);
    }
  }

  /** Alerts as a save left them: those that began to hold and that nobody has taken in yet are counted, once for each time. */
  alertsChanged(alerts: readonly Alert[]): void {
    for (const { alertId, rule, firing, openings, incidentId, reason, card } of alerts) {
      const fresh = firing && incidentId === null && reason === null;
      // The canary fails on purpose.
      if (!fresh || card.teamId === SERVICE_TEAM_ID) continue;
      if ((this.#counted.get(alertId) ?? 0) >= openings) continue;
      if (this.#counted.size >= API_LIMITS.alertsCounted) this.#counted.clear();
      this.#counted.set(alertId, openings);
      this.#alerts.inc({ rule, severity: severityOf(rule, card.tier) });
    }
  }

  #counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauges(): void {
    const current = () => this.#current ?? this.#facts();
    for (const [name, help, value] of PLAIN_GAUGES) {
      const collect = function collect(this: Gauge) {
        this.set(value(current()));
      };
      this.#registry.registerMetric(new Gauge({ name, help, registers: [], collect }));
    }
    for (const { name, help, label, samples } of LABELLED_GAUGES) {
      const collect = function collect(this: Gauge) {
        this.reset();
        for (const [of, sample] of samples(current())) this.set({ [label]: of }, sample);
      };
      const labelNames = [label];
      this.#registry.registerMetric(new Gauge({ name, help, labelNames, registers: [], collect }));
    }
    const restarts = new Counter({
      name: "batchwatch_thread_restarts_total",
      help: "Times a new thread took the place of a dead one.",
      labelNames: ["thread"],
      registers: [],
      collect() {
        this.reset();
        for (const one of current().threads) this.inc({ thread: one.name }, one.restarts);
      },
    });
    this.#registry.registerMetric(restarts);
  }
}

function resultOf(status: number): string {
  if (status < 400) return "ok";
  if (status === 429) return "limited";
  return status < 500 ? "refused" : "failed";
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
