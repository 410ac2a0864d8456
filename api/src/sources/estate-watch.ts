import {
  type BlindInterval,
  type BlindStore,
  BlindTimes,
  type ServiceStore,
  SourceLiveness,
  type ToShard,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

/** What shards are told of times in which facts may have been missing. */
type News = Extract<ToShard, { type: "blind" | "contact" }>;

export interface EstateWatchOptions {
  readonly stores: {
    readonly service: Pick<ServiceStore, "alive" | "aliveAt">;
    readonly blind: BlindStore;
  };
  /** Says it to every shard that runs. */
  readonly tell: (news: News) => void;
  /** Runs under way, by source. */
  readonly openRuns: () => ReadonlyMap<string, number>;
  /** Our intake takes nothing in, whoever sends it. */
  readonly isClosed: () => boolean;
  /** A blind interval began or ended. */
  readonly onInterval: (interval: BlindInterval) => void;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches over what the estate cannot be seen doing: our own downtime, pauses and closed intake, and sources that went quiet.
 * Each is a blind interval, kept in the store and told to the shards, whose deadlines wait for it [CLOCK-8].
 */
export class EstateWatch {
  readonly #options: EstateWatchOptions;
  readonly #liveness = new SourceLiveness();
  readonly #blind = new BlindTimes();
  #aliveBefore: number | null = null;
  #tickedAt: number;
  #timer: NodeJS.Timeout | null = null;
  #signing: Promise<void> | null = null;

  constructor(options: EstateWatchOptions) {
    this.#options = options;
    this.#tickedAt = options.now();
  }

  /** Sources that are silent now, with when they were last heard of. */
  get silent(): readonly BlindInterval[] {
    return this.#liveness.silent;
  }

  /** When this source was heard of again the last time after a silence, epoch ms; null: it was not silent lately, or is. */
  returnedAt(sourceId: string): number | null {
    return this.#blind.returnedAt(sourceId);
  }

  /** Learns how long nobody was here. Call it before the shards start. */
  async begin(): Promise<void> {
    const { stores, now, onInterval } = this.#options;
    const at = now();
    this.#aliveBefore = await stores.service.aliveAt();
    const recent = await stores.blind.recent(at - API_LIMITS.blindRememberedMs);
    this.#blind.put(recent);
    this.#setBack(at);
    for (const interval of this.#blind.intervals.filter(({ until }) => until === null)) {
      // A restart tells nothing of a source: it is silent until it is heard of [CLOCK-14]. Saying so again changes nothing.
      if (this.#liveness.resume(interval)) onInterval(interval);
      else this.#note({ ...interval, until: at });
    }
    const from = this.#aliveBefore;
    if (from !== null && at - from > API_LIMITS.pauseMs) {
      this.#note({
        intervalId: `downtime-${from}`,
        sourceId: null,
        reason: "DOWNTIME",
        from,
        until: at,
      });
    }
    this.#tickedAt = at;
    await this.#alive(at);
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), API_LIMITS.estateTickMs);
    this.#timer.unref();
  }

  /** Writes what is left to write. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#signing;
    await this.#alive(this.#options.now());
  }

  /** The store is a copy from before: what happened since its last sign of life may be missing in it [UNIT-9]. */
  storeRestored(): void {
    const until = this.#options.now();
    const from = Math.min(this.#aliveBefore ?? until, until);
    this.#note({
      intervalId: `restored-${until}`,
      sourceId: null,
      reason: "STORE_RESTORED",
      from,
      until,
    });
  }

  contact(sourceId: string, at: number): void {
    const ended = this.#liveness.contact(sourceId, at);
    if (ended !== null) this.#note(ended);
    if (this.#blind.contact(sourceId, at)) this.#options.tell({ type: "contact", sourceId, at });
  }

  tick(): void {
    const now = this.#options.now();
    if (now < this.#tickedAt) this.#setBack(now);
    this.#lookAtIntake(now);
    const pausedMs = now - this.#tickedAt - API_LIMITS.estateTickMs;
    if (pausedMs > API_LIMITS.pauseMs) {
      const from = this.#tickedAt;
      this.#liveness.paused(pausedMs);
      this.#note({
        intervalId: `main-paused-${from}`,
        sourceId: null,
        reason: "PAUSED",
        from,
        until: now,
      });
    }
    this.#tickedAt = now;
    for (const opened of this.#liveness.tick(now, this.#options.openRuns())) this.#note(opened);
    void this.#alive(now);
  }

  /** Everything a starting shard must know. */
  tellAll(tell: (news: News) => void): void {
    if (this.#blind.intervals.length > 0) tell({ type: "blind", intervals: this.#blind.intervals });
  }

  /** What we refuse, no source can tell: until it is repeated neither the source nor its jobs are to blame [CLOCK-15]. */
  #lookAtIntake(now: number): void {
    const known = this.#blind.intervals.find(
      ({ reason, until }) => reason === "INTAKE_CLOSED" && until === null,
    );
    const isClosed = this.#options.isClosed();
    if (known === undefined && !isClosed) return;
    const from = Math.min(this.#tickedAt, now);
    this.#liveness.paused(now - from);
    if (known === undefined) {
      const intervalId = `intake-${from}`;
      this.#note({ intervalId, sourceId: null, reason: "INTAKE_CLOSED", from, until: null });
    } else if (!isClosed) this.#note({ ...known, until: now });
  }

  /** The clock may have been ahead, here or in the last process: no interval reaches beyond now [CLOCK-13]. */
  #setBack(now: number): void {
    for (const interval of this.#blind.setBack(now)) this.#note(interval);
  }

  #note(interval: BlindInterval): void {
    const { stores, tell, onInterval, onError } = this.#options;
    this.#blind.put([interval]);
    onInterval(interval);
    tell({ type: "blind", intervals: [interval] });
    stores.blind.put(interval).catch(onError);
  }

  /** One write under way at a time: while the store is away they do not pile up. */
  async #alive(now: number): Promise<void> {
    const { stores, onError } = this.#options;
    this.#signing ??= stores.service
      .alive(now)
      .catch(onError)
      .finally(() => {
        this.#signing = null;
      });
    await this.#signing;
  }
}
