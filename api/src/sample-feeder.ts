import { sampleHistory, sampleNight, type TimedObservation } from "@batchwatch/engine";
import type { GateAnswer } from "./intake/gate.ts";
import type { Logger } from "./logger.ts";

/** Sample time runs this many times faster than real time: a night of six hours in about twelve minutes. */
const SPEED = 30;
const SEED = 20_251;
const HISTORY_NIGHTS = 20;
const HISTORY_BATCH = 500;
const TICK_MS = 500;
const DAY_MS = 86_400_000;
/** The first night begins this long before the start, so that the board is busy at once. */
const HEAD_START_MS = 3 * 60_000;

export interface SampleFeederOptions {
  /** Hands a native body to the gate. */
  readonly send: (bytes: Uint8Array) => Promise<GateAnswer>;
  /** After what was due has been sent. */
  readonly onTick: () => Promise<void>;
  readonly logger: Logger;
}

/** Plays invented nights into the server through the same gate as any request, one after another, until stopped. */
export class SampleFeeder {
  readonly #options: SampleFeederOptions;
  #stopped = false;
  #timer: NodeJS.Timeout | null = null;
  #night: readonly TimedObservation[] = [];
  #nightNumber = 0;

  constructor(options: SampleFeederOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const history = sampleHistory({
      seed: SEED,
      nights: HISTORY_NIGHTS,
      before: Date.now(),
      speed: SPEED,
    });
    for (let at = 0; at < history.length; at += HISTORY_BATCH) {
      await this.#post(history.slice(at, at + HISTORY_BATCH));
    }
    this.#beginNight(Date.now() - HEAD_START_MS);
    await this.#tick();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #beginNight(startsAt: number): void {
    const businessDate = new Date(Date.now() + this.#nightNumber * DAY_MS)
      .toISOString()
      .slice(0, 10);
    this.#night = sampleNight({
      seed: SEED + this.#nightNumber,
      businessDate,
      startsAt,
      speed: SPEED,
    });
    this.#nightNumber += 1;
  }

  async #tick(): Promise<void> {
    if (this.#stopped) return;
    const now = Date.now();
    let due = this.#night.findIndex((timed) => timed.at > now);
    if (due === -1) due = this.#night.length;
    const bodies = this.#night.slice(0, due).map((timed) => timed.body);
    try {
      for (let at = 0; at < bodies.length; at += HISTORY_BATCH) {
        await this.#post(bodies.slice(at, at + HISTORY_BATCH));
      }
      this.#night = this.#night.slice(due);
      await this.#options.onTick();
      if (this.#night.length === 0) this.#beginNight(now + TICK_MS);
    } catch (error) {
      if (!this.#stopped)
        this.#options.logger.warn({ err: error }, "the sample was not taken; it is sent again");
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#tick(), TICK_MS);
  }

  async #post(bodies: readonly unknown[]): Promise<void> {
    const answer = await this.#options.send(Buffer.from(JSON.stringify(bodies)));
    if (answer.type === "busy") throw new Error(answer.message);
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body).slice(0, 300));
  }
}
