import type { SystemHealth } from "@batchwatch/engine";
import { systemHealthOf } from "./health.ts";

/** The slice of the engine that health looks at. */
export interface MonitoredEngine {
  readonly stores: { readonly service: { ping(): Promise<void> } };
  readonly log: { stats(): Promise<unknown> };
  readonly unsavedRecords: number;
  readonly caughtUp: boolean;
  readonly stats: { jobs: number; unsavedJobs: number; deadLetters: number };
}

export interface HealthMonitorOptions {
  readonly engine: MonitoredEngine;
  readonly sockets: () => number;
  readonly maxSockets: number;
  readonly lastDataAt: () => number | null;
  readonly now: () => number;
}

/** How often store and journal are asked whether they answer, ms; an answer later than this counts as none. */
const PROBE_MS = 5_000;

/** Asks the store and the journal at intervals, so that reading health costs nothing and never blocks. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  #databaseError: string | null = null;
  #journalError: string | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#probe(), PROBE_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  health(): SystemHealth {
    const { engine, sockets, maxSockets, lastDataAt, now } = this.#options;
    return systemHealthOf({
      ...engine.stats,
      databaseError: this.#databaseError,
      journalError: this.#journalError,
      unsavedRecords: engine.unsavedRecords,
      caughtUp: engine.caughtUp,
      sockets: sockets(),
      maxSockets,
      lastDataAt: lastDataAt(),
      now: now(),
    });
  }

  async #probe(): Promise<void> {
    const { engine } = this.#options;
    [this.#databaseError, this.#journalError] = await Promise.all([
      failureOf(engine.stores.service.ping()),
      failureOf(engine.log.stats()),
    ]);
  }
}

async function failureOf(answer: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer within 5 s")), PROBE_MS);
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
