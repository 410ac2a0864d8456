import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Admitted, type AdmitRequest, Board, sourceLevel } from "@batchwatch/engine";
import type { Logger } from "./logger.ts";
import { badTokens } from "./audit/bad-tokens.ts";
import { auditKeyOf } from "./auth/audit-key.ts";
import { Directory } from "./auth/directory.ts";
import { openSecret } from "./auth/secret-file.ts";
import { makeApp } from "./http/app.ts";
import { AccessLog } from "./http/access-log.ts";
import { CallBudget } from "./http/call-budget.ts";
import { LoopDelay } from "./http/loop-delay.ts";
import { Metrics, pageLoadOf } from "./http/metrics.ts";
import { RequestWatch } from "./http/request-watch.ts";
import { sourcesSeen } from "./http/sources-seen.ts";
import { Sockets } from "./http/sockets.ts";
import { DiskWatch } from "./intake/disk-watch.ts";
import { refusalOf } from "./intake/fullness.ts";
import { AppendQueue } from "./intake/append-queue.ts";
import { Gate } from "./intake/gate.ts";
import { IntakeNotes } from "./intake/intake-notes.ts";
import { JobRoom } from "./intake/job-room.ts";
import { Feed } from "./live/feed.ts";
import { API_LIMITS } from "./options.ts";
import { makeAudit } from "./make-audit.ts";
import { type Alerting, makeAlerting } from "./make-alerting.ts";
import { sourceNameFor } from "./auth/policy.ts";
import { type Approvals, makeApprovals } from "./make-approvals.ts";
import { makeAuth } from "./make-auth.ts";
import { PAGES_ROOT } from "./package-root.ts";
import { EstateWatch } from "./sources/estate-watch.ts";
import { isSecure, publicUrlOf, retentionDaysOf, type Settings } from "./settings.ts";
import { EngineHost } from "./threads/engine-host.ts";
import { SettingsWatcher } from "./threads/settings-watcher.ts";
import { ownedBuffers } from "./threads/packed-records.ts";
import { StatelessPool } from "./threads/pool.ts";
import { within } from "./within.ts";
import { makeServices, metricsFor } from "./trpc/make-services.ts";
import { VitalReports } from "./trpc/vitals.ts";
import { HealthMonitor } from "./http/health-monitor.ts";

export const VERSION = "0.1.0";

export interface ServerOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly sample: boolean;
  /** Folder of the signal files of tests; null outside of tests. */
  readonly faultsDir: string | null;
  /** A shorter life of access tokens, ms; null outside of tests. */
  readonly accessTokenMs?: number | null;
  readonly onFatal: (error: Error, ended: boolean) => void;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly engine: EngineHost;
  readonly directory: Directory;
  readonly gate: Gate;
  /** Resolves when the shards have read everything: the board is complete. */
  readonly live: Promise<void>;
  stop(): Promise<void>;
}

/** Wires everything, in the order the design names, and listens. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { settings, logger, onFatal } = options;
  const now = Date.now;
  const board = new Board(randomUUID());
  let { port } = settings;
  const notes = new IntakeNotes();
  const paths = {
    storePath: settings.databasePath,
    journalPath: join(settings.dataDir, "journal.db"),
  };
  const { seal, warning } = await openSecret(settings);
  if (warning !== null) {
    logger.warn({}, "the secret file can be read or changed by others; chmod 600 it");
  }
  let restored = false;
  const engine = await EngineHost.open({
    ...paths,
    auditKey: auditKeyOf(seal),
    retentionDays: retentionDaysOf(settings),
    shards: settings.shards,
    threadHeapMb: settings.threadHeapMb,
    faultsDir: options.faultsDir,
    board: board,
    now,
    logger,
    onFatal,
    onRows: () => feed.changed(),
    prepareShard: async (tell) => {
      watcher.tellAll(tell);
      estate.tellAll(tell);
    },
    onStoreRestored: () => {
      restored = true;
    },
    onDeadLetter: (rejection) => notes.keep([rejection]),
    // The shards start after alerting is made.
    onAlerts: (alerts, upstream) => alerting.host.take(alerts, upstream),
  });
  const disks = new DiskWatch({ ...paths, log: engine.log });
  const refusal = () =>
    refusalOf({
      disk: disks.facts,
      unsavedRecords: engine.unsavedRecords,
      reserveBytes: settings.diskReserveMb * 1_048_576,
      now: now(),
    });
  const directory = new Directory(engine.stores);
  await directory.refresh();
  const audit = makeAudit({
    settings,
    seal,
    stores: engine.stores,
    readers: engine.readers,
    directory,
    logger,
    onLost: () => metrics.auditLost.inc(),
    now,
  });
  // Before anything is recorded: a trail with records and no file of heads is one whose file was taken away.
  await audit.start();
  const watcher: SettingsWatcher = new SettingsWatcher({
    stores: engine.stores,
    tell: (message) => engine.tellShards(message),
    now,
    onError: (error) => logger.warn({ err: error }, "settings could not be read again"),
  });
  await watcher.refresh();
  const estate: EstateWatch = new EstateWatch({
    stores: engine.stores,
    tell: (news) => engine.tellShards(news),
    openRuns: () => engine.openRuns,
    isClosed: () => refusal() !== null || !engine.log.accepts,
    onInterval: (interval) => {
      const level = sourceLevel(interval, directory.sourceById(interval.sourceId));
      if (level !== null) void alerting.host.report(level);
    },
    now,
    onError: (error) => logger.warn({ err: error }, "a blind interval could not be kept"),
  });
  const auth = await makeAuth({
    settings,
    seal,
    stores: engine.stores,
    directory,
    port: () => port,
    logger,
    now,
    accessTokenMs: options.accessTokenMs ?? null,
  });
  const appends = new AppendQueue(engine.log);
  const alerting: Alerting = await makeAlerting({
    settings,
    seal,
    stores: engine.stores,
    readers: engine.readers,
    directory,
    board,
    log: appends,
    publicUrl: () => publicUrlOf(settings, port),
    returnedAt: (sourceId) => estate.returnedAt(sourceId),
    proofs: audit.proofs,
    onRows: (rows) => {
      board.apply(rows, now());
      feed.changed();
    },
    onAlerts: (alerts) => metrics.alertsChanged(alerts),
    logger,
    faultsDir: options.faultsDir,
    now,
  });
  await estate.begin();
  if (restored) estate.storeRestored();
  const approvals: Approvals = makeApprovals({
    stores: engine.stores,
    readers: engine.readers,
    directory,
    receivers: alerting.receivers,
    heldBack: (sourceId) => alerting.host.heldBack(sourceId),
    publicUrl: () => publicUrlOf(settings, port),
    changed: async () => {
      await Promise.all([directory.refresh(), watcher.refresh()]).catch((error: unknown) =>
        logger.warn({ err: error }, "a change is saved, but was not noticed at once"),
      );
    },
    logger,
    now,
  });
  await approvals.start();
  const door = new StatelessPool<AdmitRequest, Admitted>("door", 1, API_LIMITS.doorQueue);
  const room = new JobRoom({
    limit: settings.jobsPerSource,
    jobs: engine.readers.jobs,
    onError: (error) => logger.warn({ err: error }, "the jobs of sources could not be counted"),
  });
  const gate = new Gate({
    log: appends,
    door: (request) => door.run(request, ownedBuffers(request.bytes)),
    room,
    aliasesOf: (sourceId) => directory.aliasesOf(sourceId),
    keepsOf: (sourceId) => directory.keepsOf(sourceId),
    refusal,
    now,
    onDefect: (error) => logger.error({ err: error }, "a body could not be admitted"),
    onAdmitted: (source, admitted, receivedAt) => {
      notes.add(source, admitted, receivedAt);
      estate.contact(source.sourceId, receivedAt);
      metrics.accepted.inc({ contract: source.contract }, admitted.accepted);
      metrics.rejected.inc({ contract: source.contract }, admitted.rejections.length);
      metrics.countMasks(admitted.masked);
    },
  });
  const lastDataAt = () =>
    Math.max(0, notes.lastSeenAt() ?? 0, ...directory.sources().map((s) => s.lastSeenAt ?? 0)) ||
    null;
  const monitor = new HealthMonitor({
    engine,
    disk: () => disks.facts,
    refusal,
    sockets: () => sockets.size,
    maxSockets: settings.maxConnections,
    lastDataAt,
    silentSources: (scope) =>
      estate.silent.map(({ sourceId, from }) => ({
        name: sourceNameFor(scope, directory.sourceById(sourceId)) ?? "a source",
        since: from,
      })),
    alerting: alerting.facts,
    approvals: approvals.facts,
    audit,
    now,
  });
  const loop = new LoopDelay();
  const metrics = new Metrics(() => ({
    ...engine.stats,
    savingSince: engine.savingSince,
    threads: engine.threads,
    threadDelays: engine.takeThreadDelays(),
    loop: loop.take(),
    alerting: alerting.facts(),
    auditSeq: audit.seq(),
    sourcesSeen: sourcesSeen(directory.sources(), notes.seen, API_LIMITS.sourcesInMetrics),
    disk: disks.facts,
    damagedPositions: engine.journal.damagedPositions,
    now: now(),
    sockets: sockets.size,
    unsavedRecords: engine.unsavedRecords,
    intakeBytesInFlight: gate.bytesInFlight,
    boardRows: board.size,
    lastDataAt: lastDataAt(),
  }));
  const feed: Feed = new Feed({
    board,
    now,
    health: (scope) => monitor.health(scope),
    metrics: metricsFor(board, now),
    updateIntervalMs: settings.updateIntervalMs,
  });
  const services = makeServices({
    board,
    feed,
    readers: engine.readers,
    alerting: alerting.services,
    foreign: alerting.foreign,
    approved: approvals.services,
    sessions: auth.services,
    privacy: audit.privacy,
    audit: audit.services,
    vitals: new VitalReports((report) => metrics.pageLoaded(pageLoadOf(report)), now),
    health: (scope) => monitor.health(scope),
    now,
    boardLimit: settings.boardLimit,
    me: async (user) => {
      const teams = await engine.stores.identity.teams();
      const own = user.role === "team-lead" || user.role === "on-call";
      return {
        userId: user.userId,
        name: user.name,
        role: user.role,
        teamIds: user.teamIds,
        teams: own ? teams.filter((team) => user.teamIds.includes(team.teamId)) : teams,
        version: VERSION,
        sample: options.sample,
        hasSource: directory.sources().length > 0,
        updateIntervalMs: settings.updateIntervalMs,
        serverTime: new Date(now()).toISOString(),
      };
    },
  });

  // Loading goes on while the rest is made: whoever connects meanwhile sees "Catching up".
  const live = engine.start();
  // Until they are counted nothing is refused for their number: that is no reason to be away for longer.
  void live.then(() => room.start());
  const access = new AccessLog({ logger, networks: settings.logNetworks, now });
  const watch = new RequestWatch({ metrics, access, logger, now });
  const budget = new CallBudget();
  const badToken = badTokens({
    isLapsed: auth.isLapsed,
    refused: audit.refused,
    onError: (error) => logger.error({ err: error }, "a refused token could not be looked at"),
  });
  const app = await makeApp({
    budget,
    gate,
    sourceByKey: (key) => directory.sourceByKey(key),
    services,
    auth: auth.routes,
    callerOf: auth.callerOf,
    isGood: auth.isGoodOverHttp,
    ack: alerting.ack,
    metrics,
    watch,
    refused: audit.refused,
    badToken,
    health: (scope) => monitor.health(scope),
    live: () => true,
    ready: () => engine.wasLive,
    pagesRoot: PAGES_ROOT,
    behindProxy: settings.behindProxy,
    secure: isSecure(settings),
    https: await tlsOf(settings),
  });
  const sockets: Sockets = new Sockets({
    server: app.server,
    services,
    budget,
    maxConnections: settings.websocketEnabled ? settings.maxConnections : 0,
    pingMs: settings.heartbeatIntervalMs,
    behindProxy: settings.behindProxy,
    origin: (request) => auth.originOf(request.headers),
    byToken: auth.byToken,
    isGood: auth.isGood,
    badToken,
    onRefused: (status) => {
      metrics.socketRefused(status);
      if (status === 403) audit.refused({ userId: null, what: "UPGRADE /trpc", status });
    },
    onCallError: (failed, address) => watch.socketCallFailed(failed, address),
  });
  directory.onChange(() => sockets.recheck());
  directory.start(API_LIMITS.directoryRefreshMs, (error) =>
    logger.warn({ err: error }, "users and sources could not be read again"),
  );
  watcher.start();
  const ticker = setInterval(() => {
    board.expire(now());
    feed.changed();
    notes.flush(engine.stores.sources).catch((error: unknown) => {
      logger.warn({ err: error }, "last-seen times were not saved");
    });
  }, API_LIMITS.ackTickMs);
  monitor.start();
  disks.start();
  estate.start();
  await app.listen({ host: settings.host, port: settings.port });
  const address = app.server.address();
  if (typeof address === "object" && address !== null) port = address.port;
  void alerting.start(live);

  return {
    url: publicUrlOf(settings, port),
    port,
    engine,
    directory,
    gate,
    live,
    stop: async () => {
      clearInterval(ticker);
      monitor.stop();
      loop.stop();
      disks.stop();
      directory.stop();
      room.stop();
      watcher.stop();
      await sockets.close();
      feed.close();
      await app.close();
      await within(approvals.stop(), API_LIMITS.stopNotesMs);
      await alerting.stop();
      await audit.stop();
      await within(estate.stop(), API_LIMITS.threadEndMs);
      await within(notes.flush(engine.stores.sources), API_LIMITS.stopNotesMs);
      await engine.stop();
      await door.destroy();
    },
  };
}

async function tlsOf(settings: Settings): Promise<{ cert: Buffer; key: Buffer } | null> {
  const { tlsCertFile, tlsKeyFile } = settings;
  if (tlsCertFile === null || tlsKeyFile === null) return null;
  return { cert: await readFile(tlsCertFile), key: await readFile(tlsKeyFile) };
}
