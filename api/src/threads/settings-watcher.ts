import type {
  Calendar,
  CalendarStore,
  JobAlias,
  JobSettings,
  SettingsStore,
  UpkeepStore,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { Refresher } from "../refresher.ts";
import type { ShardNews } from "./reload-jobs.ts";

/** The slice of the stores that the watcher reads. */
export interface WatchedStores {
  readonly settings: Pick<
    SettingsStore,
    "version" | "changedSince" | "aliases" | "nextRetirement" | "retireDue"
  >;
  readonly calendars: Pick<CalendarStore, "version" | "all">;
  readonly upkeep: Pick<UpkeepStore, "trustsClock">;
}

export interface SettingsWatcherOptions {
  readonly stores: WatchedStores;
  /** Says it to every shard that runs. */
  readonly tell: (message: ShardNews) => void;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Brings what people set, in this process or another, to the shards: changes as they come, all of it to a shard
 * that starts. Holds a copy, so that a shard starts with what was known last while the store does not answer.
 */
export class SettingsWatcher {
  readonly #options: SettingsWatcherOptions;
  readonly #settings = new Map<string, JobSettings>();
  #calendars: readonly Calendar[] = [];
  #aliases: ReadonlyMap<string, JobAlias> = new Map();
  #version = 0;
  #calendarVersion = 0;
  #retirementAt: number | null = null;
  /** When the clock that says a job is to retire was not believed last, epoch ms by that clock. */
  #doubtedAt: number | null = null;
  readonly #refresher = new Refresher(() => this.#look());

  constructor(options: SettingsWatcherOptions) {
    this.#options = options;
  }

  /** Refreshes every `intervalMs` until `stop`. */
  start(intervalMs: number = API_LIMITS.directoryRefreshMs): void {
    this.#refresher.start(intervalMs, this.#options.onError);
  }

  stop(): void {
    this.#refresher.stop();
  }

  /** Looks for changes now. Call it after making one, so that the shards know it at once. */
  refresh(): Promise<void> {
    return this.#refresher.refresh();
  }

  /**
   * Everything a starting shard must know, before it reads. Jobs renamed lately are rebuilt: a shard that died
   * between the rename and word of it may have saved what it knew before.
   */
  tellAll(tell: (message: ShardNews) => void): void {
    tell({ type: "calendars", calendars: this.#calendars });
    tellSettings([...this.#settings.values()], tell);
    const since = this.#options.now() - API_LIMITS.renameReloadMs;
    const lately = [...this.#aliases.values()].filter((alias) => alias.since >= since);
    if (lately.length > 0) tell({ type: "renamed", jobIds: idsOf(lately) });
  }

  async #look(): Promise<void> {
    const { stores, tell } = this.#options;
    await this.#retireDue();
    // Read before the rows: rows newer than it only mean one look more.
    const version = await stores.settings.version();
    if (version === this.#version) return;
    const aliases = await stores.settings.aliases();
    const changed = await this.#changedSettings();
    const calendarVersion = await stores.calendars.version();
    const calendarsMoved = calendarVersion !== this.#calendarVersion;
    const calendars = calendarsMoved ? await stores.calendars.all() : this.#calendars;
    this.#retirementAt = await stores.settings.nextRetirement();

    const moved = aliases.filter((alias) => !isKnown(alias, this.#aliases));
    this.#calendars = calendars;
    this.#calendarVersion = calendarVersion;
    this.#aliases = new Map(aliases.map((alias) => [alias.aliasId, alias]));
    for (const one of changed) this.#settings.set(one.jobId, one);
    for (const { aliasId } of moved) this.#settings.delete(aliasId);
    const first = this.#version === 0;
    this.#version = version;
    if (calendarsMoved) tell({ type: "calendars", calendars });
    tellSettings(changed, tell);
    if (moved.length > 0 && !first) tell({ type: "renamed", jobIds: idsOf(moved) });
  }

  /** A clock that leaps past a planned date retires nobody: nothing would bring the job back once it is put right [SET-6]. */
  async #retireDue(): Promise<void> {
    const { stores } = this.#options;
    const now = this.#options.now();
    if (this.#retirementAt === null || this.#retirementAt > now) return;
    const doubtedAt = this.#doubtedAt ?? Number.NEGATIVE_INFINITY;
    if (Math.abs(now - doubtedAt) < API_LIMITS.clockDoubtMs) return;
    const isBelieved = await stores.upkeep.trustsClock(now);
    this.#doubtedAt = isBelieved ? null : now;
    if (isBelieved) await stores.settings.retireDue(now);
  }

  async #changedSettings(): Promise<readonly JobSettings[]> {
    const changed: JobSettings[] = [];
    let version = this.#version;
    for (;;) {
      const page = await this.#options.stores.settings.changedSince(version);
      if (page.settings.length === 0) return changed;
      changed.push(...page.settings);
      version = page.version;
    }
  }
}

function tellSettings(settings: readonly JobSettings[], tell: (message: ShardNews) => void): void {
  for (let from = 0; from < settings.length; from += API_LIMITS.settingsPerMessage) {
    const part = settings.slice(from, from + API_LIMITS.settingsPerMessage);
    tell({ type: "configure", settings: part });
  }
}

function isKnown(alias: JobAlias, known: ReadonlyMap<string, JobAlias>): boolean {
  const before = known.get(alias.aliasId);
  return before?.jobId === alias.jobId && before.since === alias.since;
}

function idsOf(aliases: readonly JobAlias[]): string[] {
  return [...new Set(aliases.flatMap(({ aliasId, jobId }) => [aliasId, jobId]))];
}
