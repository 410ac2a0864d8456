import type { Scope, SystemHealth } from "@batchwatch/engine";
import type { DiskFacts } from "../intake/disk-watch.ts";
import type { Refusal } from "../intake/fullness.ts";
import { API_LIMITS } from "../options.ts";
import type { HealthFacts, ThreadFacts } from "./health-facts.ts";
import { systemHealthOf } from "./health.ts";

/** The slice of the engine that health looks at. */
export interface MonitoredEngine {
  readonly stores: { readonly service: { ping(): Promise<void> } };
  readonly log: { readonly failure: string | null };
  readonly threads: readonly ThreadFacts[];
  readonly storeTrouble: string | null;
  readonly loadTrouble: HealthFacts["loadTrouble"];
  readonly upkeep: { readonly held: boolean };
  readonly restored: HealthFacts["restored"];
  readonly journal: { readonly damagedPositions: number; readonly unreadable: string | null };
  readonly unsavedRecords: number;
  readonly caughtUp: boolean;
  readonly stats: {
    readonly jobs: number;
    readonly unsavedJobs: number;
    readonly deadLetters: number;
    readonly quarantinedJobs: number;
  };
}

export interface HealthMonitorOptions {
  readonly engine: MonitoredEngine;
  readonly disk: () => DiskFacts;
  readonly refusal: () => Refusal | null;
  readonly sockets: () => number;
  readonly maxSockets: number;
  readonly lastDataAt: () => number | null;
  /** By name where the reader may know it. */
  readonly silentSources: (scope: Scope) => HealthFacts["silentSources"];
  readonly alerting: () => HealthFacts["alerting"];
  readonly approvals: () => HealthFacts["approvals"];
  readonly audit: { readonly seq: () => number | null; readonly trouble: () => string | null };
  readonly now: () => number;
}

/** Asks the store at intervals, so that reading health costs nothing and never blocks. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  #databaseError: string | null = null;
  #probing = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#probe(), API_LIMITS.healthProbeMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** As this reader may see it: a source that went quiet is named to its own team only. */
  health(scope: Scope): SystemHealth {
    const { engine, disk, refusal, sockets, maxSockets, lastDataAt, silentSources, alerting, now } =
      this.#options;
    return systemHealthOf({
      ...engine.stats,
      threads: engine.threads,
      disk: disk(),
      refusal: refusal(),
      journalFailure: engine.log.failure,
      damagedPositions: engine.journal.damagedPositions,
      journalUnreadable: engine.journal.unreadable,
      restored: engine.restored,
      databaseError: this.#databaseError,
      storeTrouble: engine.storeTrouble,
      loadTrouble: engine.loadTrouble,
      upkeepHeld: engine.upkeep.held,
      unsavedRecords: engine.unsavedRecords,
      caughtUp: engine.caughtUp,
      sockets: sockets(),
      maxSockets,
      lastDataAt: lastDataAt(),
      silentSources: silentSources(scope),
      alerting: alerting(),
      approvals: this.#options.approvals(),
      auditTrouble: this.#options.audit.trouble(),
      auditSeq: this.#options.audit.seq(),
      now: now(),
    });
  }

  async #probe(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    this.#databaseError = await failureOf(this.#options.engine.stores.service.ping());
    this.#probing = false;
  }
}

async function failureOf(answer: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${API_LIMITS.probeMs} ms`)),
      API_LIMITS.probeMs,
    );
  });
  try {
    await Promise.race([answer, late]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
