import type {
  ApprovalStore,
  Clock,
  IdentityStore,
  JobAlias,
  MaskExceptions,
  MaskKind,
  PairedDevice,
  SessionStore,
  SettingsStore,
  SourceStore,
  StoredSession,
  StoredToken,
  User,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { Refresher } from "../refresher.ts";
import { hashSecret, looksLikeSourceKey } from "./secrets.ts";

export type KnownSource = Awaited<ReturnType<SourceStore["all"]>>[number];

/** The slice of the stores that the directory reads. */
export interface DirectoryStores {
  readonly identity: Pick<IdentityStore, "version" | "users" | "tokens">;
  readonly sources: Pick<SourceStore, "all">;
  readonly settings: Pick<SettingsStore, "aliases">;
  readonly approvals: Pick<ApprovalStore, "maskingExceptions">;
  readonly sessions: Pick<SessionStore, "all" | "devices">;
}

/**
 * Who may call: users, tokens and sources by hash, sessions and paired devices that are good, and under which names a source's jobs are known, and what its fields keep unmasked, in memory. Only a cache: the store is the truth and `refresh`
 * rebuilds it whenever the store's identity version moved, whoever moved it (this process, the command line, another node).
 * An unknown token costs one hash and no store read, so guessing loads nothing but this process.
 * While the store does not answer, the last known state stays: the board outlives a store outage.
 */
export class Directory {
  readonly #stores: DirectoryStores;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #version: number | null = null;
  #users: ReadonlyMap<string, User> = new Map();
  #tokens: ReadonlyMap<string, StoredToken> = new Map();
  #sessions: ReadonlyMap<string, StoredSession> = new Map();
  #devices: ReadonlyMap<string, PairedDevice> = new Map();
  #sources: ReadonlyMap<string, KnownSource> = new Map();
  #sourcesById: ReadonlyMap<string, KnownSource> = new Map();
  #aliases: readonly JobAlias[] = [];
  #aliasesOf: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
  #keepsOf: ReadonlyMap<string, MaskExceptions> = new Map();
  readonly #refresher = new Refresher(() => this.#reload());

  constructor(stores: DirectoryStores, clock: Clock = { now: Date.now }) {
    this.#stores = stores;
    this.#clock = clock;
  }

  /** Refreshes every `intervalMs` until `stop`. A failed refresh is reported and tried again at the next tick. */
  start(
    intervalMs: number = API_LIMITS.directoryRefreshMs,
    onError: (error: unknown) => void = () => {},
  ): void {
    this.#refresher.start(intervalMs, onError);
  }

  stop(): void {
    this.#refresher.stop();
  }

  /** Reloads if the store changed. Call it after writing a token or source, so that it is known at once. */
  refresh(): Promise<void> {
    return this.#refresher.refresh();
  }

  /** Called after each reload, for closing sockets whose token is gone. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A program's token by its hash; null: unknown, expired, revoked. */
  token(tokenHash: string, now: number): StoredToken | null {
    const stored = this.#tokens.get(tokenHash);
    return stored !== undefined && stored.expiresAt > now ? stored : null;
  }

  /** Null: unknown, expired, ended. */
  session(sessionId: string, now: number): StoredSession | null {
    const stored = this.#sessions.get(sessionId);
    return stored !== undefined && stored.expiresAt > now ? stored : null;
  }

  /** Null: unknown, removed, or nobody has signed in on it for too long. */
  device(deviceId: string, now: number): PairedDevice | null {
    const stored = this.#devices.get(deviceId);
    return stored !== undefined && stored.goodUntil > now ? stored : null;
  }

  /** The user as last known: a role may have changed since a socket was opened. */
  userById(userId: string): User | null {
    return this.#users.get(userId) ?? null;
  }

  users(): readonly User[] {
    return [...this.#users.values()];
  }

  sourceByKey(key: string): KnownSource | null {
    return looksLikeSourceKey(key) ? (this.#sources.get(hashSecret(key)) ?? null) : null;
  }

  /** Null as well where there is none to look for. */
  sourceById(sourceId: string | null): KnownSource | null {
    return sourceId === null ? null : (this.#sourcesById.get(sourceId) ?? null);
  }

  sources(): readonly KnownSource[] {
    return [...this.#sources.values()];
  }

  /** Names of this source's jobs that a rename made: id of the name → job. Undefined when there are none. */
  aliasesOf(sourceId: string): ReadonlyMap<string, string> | undefined {
    return this.#aliasesOf.get(sourceId);
  }

  /** Fields of this source whose values keep some kinds. Undefined when there are none. */
  keepsOf(sourceId: string): MaskExceptions | undefined {
    return this.#keepsOf.get(sourceId);
  }

  aliases(): readonly JobAlias[] {
    return this.#aliases;
  }

  async #reload(): Promise<void> {
    // Read before the rows: rows newer than it only mean one reload more.
    const version = await this.#stores.identity.version();
    if (version === this.#version) return;
    const now = this.#clock.now();
    const [users, tokens, sessions, devices, sources, aliases, exceptions] = await Promise.all([
      this.#stores.identity.users(),
      this.#stores.identity.tokens(now),
      this.#stores.sessions.all(now),
      this.#stores.sessions.devices(),
      this.#stores.sources.all(),
      this.#stores.settings.aliases(),
      this.#stores.approvals.maskingExceptions(),
    ]);
    this.#users = new Map(users.map((user) => [user.userId, user]));
    this.#tokens = new Map(tokens.map((token) => [token.tokenHash, token]));
    this.#sessions = new Map(sessions.map((session) => [session.sessionId, session]));
    this.#devices = new Map(devices.map((device) => [device.deviceId, device]));
    this.#sources = new Map(sources.map((source) => [source.keyHash, source]));
    this.#sourcesById = new Map(sources.map((source) => [source.sourceId, source]));
    this.#aliases = aliases;
    this.#aliasesOf = bySource(aliases);
    this.#keepsOf = keepsBySource(exceptions);
    this.#version = version;
    for (const listener of this.#listeners) listener();
  }
}

function bySource(aliases: readonly JobAlias[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sources = new Map<string, Map<string, string>>();
  for (const { sourceId, aliasId, jobId } of aliases) {
    const known = sources.get(sourceId);
    if (known === undefined) sources.set(sourceId, new Map([[aliasId, jobId]]));
    else known.set(aliasId, jobId);
  }
  return sources;
}

function keepsBySource(
  exceptions: Awaited<ReturnType<ApprovalStore["maskingExceptions"]>>,
): ReadonlyMap<string, MaskExceptions> {
  const sources = new Map<string, Map<string, readonly MaskKind[]>>();
  for (const { sourceId, field, kinds } of exceptions) {
    if (kinds.length === 0) continue;
    const fields = sources.get(sourceId) ?? new Map<string, readonly MaskKind[]>();
    sources.set(sourceId, fields.set(field, kinds as readonly MaskKind[]));
  }
  return sources;
}
