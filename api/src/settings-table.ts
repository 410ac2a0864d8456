import { LIMITS } from "@batchwatch/engine";
import { availableParallelism } from "node:os";
import { LOG_LEVELS, type LogLevel } from "./log-level.ts";
import {
  channels,
  type ChannelName,
  databaseUrl,
  flag,
  hosts,
  issuer,
  origins,
  path,
  publicUrl,
  oneOf,
  pushSubject,
  wholeNumber,
  word,
  type Parse,
} from "./setting-values.ts";

export interface Setting<T> {
  /** Environment variable. */
  readonly name: string;
  /** What the value is measured in, or its kind. */
  readonly unit: string;
  readonly initial: T;
  readonly sentence: string;
  readonly parse: Parse<T>;
}

function setting<T>(
  name: string,
  unit: string,
  initial: NoInfer<T>,
  sentence: string,
  parse: Parse<T>,
): Setting<T> {
  return { name, unit, initial, sentence, parse };
}

/** The same, for a setting that may be absent. */
function optional<T>(
  name: string,
  unit: string,
  sentence: string,
  parse: Parse<T>,
): Setting<T | null> {
  return { name, unit, initial: null, sentence, parse };
}

/** One thread is left to the main thread; more than four shards gain nothing at the sizes aimed at. */
const DEFAULT_SHARDS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** Every setting that has a meaning now, by the name it has in `Settings`. */
export const SETTINGS = {
  host: setting(
    "BATCHWATCH_HOST",
    "address",
    "127.0.0.1",
    "Address to listen on; other than loopback only with TLS or behind a proxy.",
    word,
  ),
  port: setting(
    "BATCHWATCH_PORT",
    "port",
    8080,
    "Port to listen on; 0 takes a free one.",
    wholeNumber(0, 65_535),
  ),
  publicUrl: optional(
    "BATCHWATCH_PUBLIC_URL",
    "URL",
    "Address people open, where it differs from host and port.",
    publicUrl,
  ),
  dataDir: setting(
    "BATCHWATCH_DATA_DIR",
    "path",
    "./data",
    "Folder of the databases that Batchwatch makes.",
    path,
  ),
  databaseFile: optional(
    "BATCHWATCH_DATABASE_URL",
    "URL",
    "Where the store is, as sqlite:PATH; by default batchwatch.db in the data folder.",
    databaseUrl,
  ),
  shards: setting(
    "BATCHWATCH_SHARDS",
    "threads",
    DEFAULT_SHARDS,
    "Threads that follow the jobs; by default one less than there are processors, from 1 to 4.",
    wholeNumber(1, 64),
  ),
  threadHeapMb: setting(
    "BATCHWATCH_THREAD_HEAP_MB",
    "MiB",
    2_048,
    "Heap of one thread; a thread that needs more is replaced.",
    wholeNumber(64, 65_536),
  ),
  diskReserveMb: setting(
    "BATCHWATCH_DISK_RESERVE_MB",
    "MiB",
    256,
    "Free space kept for saving: below it nothing is accepted.",
    wholeNumber(0, 1_048_576),
  ),
  updateIntervalMs: setting(
    "BATCHWATCH_UPDATE_INTERVAL_MS",
    "ms",
    5_000,
    "Longest time between two items on a live stream; a heartbeat when nothing changed.",
    wholeNumber(100, 9_000),
  ),
  maxConnections: setting(
    "BATCHWATCH_MAX_CONNECTIONS",
    "connections",
    100,
    "Live connections open at once, over all users.",
    wholeNumber(1, 100_000),
  ),
  boardLimit: setting(
    "BATCHWATCH_BOARD_LIMIT",
    "rows",
    10_000,
    "Most rows one board answer holds.",
    wholeNumber(1, 100_000),
  ),
  jobsPerSource: setting(
    "BATCHWATCH_JOBS_PER_SOURCE",
    "jobs",
    LIMITS.jobsPerSource,
    "Jobs one source may have; facts of further ones are refused, known jobs go on.",
    wholeNumber(1, 1_000_000),
  ),
  websocketEnabled: setting(
    "BATCHWATCH_WEBSOCKET_ENABLED",
    "flag",
    true,
    "Whether live streams may use WebSocket; without it our page asks again and again, and other clients may use server-sent events.",
    flag,
  ),
  heartbeatIntervalMs: setting(
    "BATCHWATCH_HEARTBEAT_INTERVAL_MS",
    "ms",
    30_000,
    "Time between two pings that find dead connections.",
    wholeNumber(100, 3_600_000),
  ),
  allowedOrigins: setting<readonly string[]>(
    "BATCHWATCH_ALLOWED_ORIGINS",
    "origins",
    [],
    "Other origins whose pages may connect, separated by commas.",
    origins,
  ),
  tlsCertFile: optional(
    "BATCHWATCH_TLS_CERT",
    "path",
    "PEM file of the certificate; together with BATCHWATCH_TLS_KEY.",
    path,
  ),
  tlsKeyFile: optional(
    "BATCHWATCH_TLS_KEY",
    "path",
    "PEM file of the certificate's key; together with BATCHWATCH_TLS_CERT.",
    path,
  ),
  behindProxy: setting(
    "BATCHWATCH_BEHIND_PROXY",
    "flag",
    false,
    "Set to 1 when a proxy in front ends TLS and sets X-Forwarded-For.",
    flag,
  ),
  alertsEnabled: setting(
    "BATCHWATCH_ALERTS_ENABLED",
    "flag",
    true,
    "Whether anybody is told; without it incidents are recorded and nothing is sent.",
    flag,
  ),
  notificationChannels: setting<readonly ChannelName[]>(
    "BATCHWATCH_NOTIFICATION_CHANNELS",
    "channels",
    ["webpush"],
    "Channels that people are told by, separated by commas, or none; webhooks are always on. This version has webpush alone.",
    channels,
  ),
  auditRetentionDays: setting(
    "BATCHWATCH_AUDIT_RETENTION_DAYS",
    "days",
    2_557,
    "How long audit records are kept: seven years, at least one, unless two people set another time.",
    wholeNumber(LIMITS.retentionLeastDays, LIMITS.retentionMostDays),
  ),
  incidentRetentionDays: setting(
    "BATCHWATCH_INCIDENT_RETENTION_DAYS",
    "days",
    2_557,
    "How long resolved incidents and ended alerts are kept, at least a year, unless two people set another time.",
    wholeNumber(LIMITS.retentionLeastDays, LIMITS.retentionMostDays),
  ),
  notificationRetentionDays: setting(
    "BATCHWATCH_NOTIFICATION_RETENTION_DAYS",
    "days",
    400,
    "How long messages to people are kept once they were sent or given up, unless two people set another time.",
    wholeNumber(1, 36_500),
  ),
  metricsRetentionDays: setting(
    "BATCHWATCH_METRICS_RETENTION_DAYS",
    "days",
    90,
    "How long runs are kept, unless two people set another time; the newest 64 of each job stay.",
    wholeNumber(1, 36_500),
  ),
  pushSubject: optional(
    "BATCHWATCH_PUSH_SUBJECT",
    "URL",
    "Contact that push services are given, mailto: or https:; by default the public URL where that is https.",
    pushSubject,
  ),
  pushAllowedHosts: setting<readonly string[]>(
    "BATCHWATCH_PUSH_ALLOWED_HOSTS",
    "hosts",
    [],
    "Push services beside those of the browsers' makers, as host or host:port, separated by commas; they may be private.",
    hosts,
  ),
  webhookAllowedHosts: setting<readonly string[]>(
    "BATCHWATCH_WEBHOOK_ALLOWED_HOSTS",
    "hosts",
    [],
    "Webhook receivers that may have a private address or no TLS, as host or host:port, separated by commas.",
    hosts,
  ),
  logLevel: setting<LogLevel>(
    "BATCHWATCH_LOG_LEVEL",
    "level",
    "info",
    `Least level of the JSON lines on standard error: ${LOG_LEVELS.join(", ")}; refused requests are info, failed ones error.`,
    oneOf(LOG_LEVELS),
  ),
  logNetworks: setting(
    "BATCHWATCH_LOG_NETWORKS",
    "flag",
    true,
    "Whether the line of a refused request names the caller's network (/24 or /48); the address itself is never logged.",
    flag,
  ),
  secretFile: optional(
    "BATCHWATCH_SECRET_FILE",
    "path",
    "File of the key that stored secrets are sealed with; by default secret.key in the data folder, made at first use.",
    path,
  ),
  oidcIssuer: optional(
    "BATCHWATCH_OIDC_ISSUER",
    "URL",
    "Identity provider that people sign in with, as it names itself; together with BATCHWATCH_OIDC_CLIENT_ID.",
    issuer,
  ),
  oidcClientId: optional(
    "BATCHWATCH_OIDC_CLIENT_ID",
    "text",
    "What the identity provider knows Batchwatch by; it leads back to /auth/oidc/callback below the public URL.",
    word,
  ),
  oidcClientSecretFile: optional(
    "BATCHWATCH_OIDC_CLIENT_SECRET_FILE",
    "path",
    "File of the client's secret; without it Batchwatch is a public client, which PKCE protects.",
    path,
  ),
} as const;
