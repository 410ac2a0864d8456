import { join, resolve } from "node:path";
import type { RetainedKind } from "@batchwatch/engine";
import { nearest } from "./nearest.ts";
import { SettingsError } from "./setting-values.ts";
import { SETTINGS, type Setting } from "./settings-table.ts";

export { SettingsError } from "./setting-values.ts";
export { SETTINGS } from "./settings-table.ts";

type Key = keyof typeof SETTINGS;
type Values = { readonly [K in Key]: (typeof SETTINGS)[K]["initial"] };

export interface Settings extends Values {
  /** The store's SQLite file, absolute. */
  readonly databasePath: string;
  /** Names of variables that were set. */
  readonly given: ReadonlySet<string>;
  /** What was set, is known, and has no effect in this version: names of variables, and named channels. */
  readonly withoutEffect: readonly string[];
}

/** Promised by the documentation, not used by this version: accepted, and said to be without effect. */
const LATER: ReadonlySet<string> = new Set(
  `CACHE_SECONDS DATABASE_SCHEMA MAX_HISTORY_DAYS SNAPSHOT_INTERVAL_MS SMTP_URL SMTP_URL_FILE SLACK_WEBHOOK_FILE SMS_URL SMS_URL_FILE`
    .split(/\s+/)
    .map((name) => `BATCHWATCH_${name}`),
);
/** Channels that this version can send by. */
const CHANNELS_HERE: ReadonlySet<string> = new Set(["webpush"]);
/** Read by the tests, not by the server. */
const TEST_PREFIX = "BATCHWATCH_TEST_";

const NAMES: readonly string[] = Object.values(SETTINGS).map((spec) => spec.name);

/** A value as it may be printed: without the password of a URL. */
function shown(value: string): string {
  return value.replaceAll(/:\/\/[^/\s]*@/g, "://***@").slice(0, 200);
}

function read<T>(spec: Setting<T>, env: NodeJS.ProcessEnv): T {
  const text = env[spec.name];
  if (text === undefined || text === "") return spec.initial;
  try {
    return spec.parse(text);
  } catch (error) {
    const right = error instanceof Error ? error.message : String(error);
    throw new SettingsError(`${spec.name} is ${JSON.stringify(shown(text))}; it must be ${right}.`);
  }
}

function refuseUnknown(env: NodeJS.ProcessEnv): void {
  const known = new Set([...NAMES, ...LATER]);
  for (const name of Object.keys(env).sort()) {
    if (!name.startsWith("BATCHWATCH_") || name.startsWith(TEST_PREFIX) || known.has(name))
      continue;
    const meant = nearest(name, known);
    const hint = meant === null ? "npx batchwatch config lists them" : `did you mean ${meant}?`;
    throw new SettingsError(`${name} is not a setting; ${hint}`);
  }
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Reads and checks the environment. Throws `SettingsError`, whose message is one line for people. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  refuseUnknown(env);
  const values: Values = {
    host: read(SETTINGS.host, env),
    port: read(SETTINGS.port, env),
    publicUrl: read(SETTINGS.publicUrl, env),
    dataDir: read(SETTINGS.dataDir, env),
    databaseFile: read(SETTINGS.databaseFile, env),
    shards: read(SETTINGS.shards, env),
    threadHeapMb: read(SETTINGS.threadHeapMb, env),
    diskReserveMb: read(SETTINGS.diskReserveMb, env),
    updateIntervalMs: read(SETTINGS.updateIntervalMs, env),
    maxConnections: read(SETTINGS.maxConnections, env),
    boardLimit: read(SETTINGS.boardLimit, env),
    jobsPerSource: read(SETTINGS.jobsPerSource, env),
    websocketEnabled: read(SETTINGS.websocketEnabled, env),
    heartbeatIntervalMs: read(SETTINGS.heartbeatIntervalMs, env),
    allowedOrigins: read(SETTINGS.allowedOrigins, env),
    tlsCertFile: read(SETTINGS.tlsCertFile, env),
    tlsKeyFile: read(SETTINGS.tlsKeyFile, env),
    behindProxy: read(SETTINGS.behindProxy, env),
    alertsEnabled: read(SETTINGS.alertsEnabled, env),
    notificationChannels: read(SETTINGS.notificationChannels, env),
    auditRetentionDays: read(SETTINGS.auditRetentionDays, env),
    incidentRetentionDays: read(SETTINGS.incidentRetentionDays, env),
    notificationRetentionDays: read(SETTINGS.notificationRetentionDays, env),
    metricsRetentionDays: read(SETTINGS.metricsRetentionDays, env),
    pushSubject: read(SETTINGS.pushSubject, env),
    pushAllowedHosts: read(SETTINGS.pushAllowedHosts, env),
    webhookAllowedHosts: read(SETTINGS.webhookAllowedHosts, env),
    logLevel: read(SETTINGS.logLevel, env),
    logNetworks: read(SETTINGS.logNetworks, env),
    secretFile: read(SETTINGS.secretFile, env),
    oidcIssuer: read(SETTINGS.oidcIssuer, env),
    oidcClientId: read(SETTINGS.oidcClientId, env),
    oidcClientSecretFile: read(SETTINGS.oidcClientSecretFile, env),
  };
  if ((values.tlsCertFile === null) !== (values.tlsKeyFile === null)) {
    const missing = values.tlsCertFile === null ? SETTINGS.tlsCertFile : SETTINGS.tlsKeyFile;
    throw new SettingsError(
      `${missing.name} is missing; TLS needs both the certificate and its key.`,
    );
  }
  if (!isLoopback(values.host) && values.tlsCertFile === null && !values.behindProxy) {
    throw new SettingsError(
      `BATCHWATCH_HOST is "${shown(values.host)}", which others can reach, and there is no TLS; set BATCHWATCH_TLS_CERT and ` +
        "BATCHWATCH_TLS_KEY, or BATCHWATCH_BEHIND_PROXY=1 when a proxy in front does TLS, or listen on 127.0.0.1.",
    );
  }
  if ((values.oidcIssuer === null) !== (values.oidcClientId === null)) {
    const missing = values.oidcIssuer === null ? SETTINGS.oidcIssuer : SETTINGS.oidcClientId;
    throw new SettingsError(
      `${missing.name} is missing; an identity provider needs both its issuer and our client id.`,
    );
  }
  const dataDir = resolve(values.dataDir);
  const given = Object.keys(env).filter((name) => (env[name] ?? "") !== "");
  return {
    ...values,
    dataDir,
    databasePath: resolve(values.databaseFile ?? join(dataDir, "batchwatch.db")),
    given: new Set(given.filter((name) => name.startsWith("BATCHWATCH_"))),
    withoutEffect: [...given.filter((name) => LATER.has(name)), ...futureChannels(values)].sort(),
  };
}

/** Channels that somebody asked for and that do not exist yet. */
function futureChannels({ notificationChannels }: Values): readonly string[] {
  const { name } = SETTINGS.notificationChannels;
  const future = notificationChannels.filter((one) => !CHANNELS_HERE.has(one));
  return future.map((one) => `${one} in ${name}`);
}

/** How long what is kept by the host's settings, days. */
export function retentionDaysOf(settings: Settings): Readonly<Record<RetainedKind, number>> {
  return {
    audit: settings.auditRetentionDays,
    incidents: settings.incidentRetentionDays,
    notifications: settings.notificationRetentionDays,
    runs: settings.metricsRetentionDays,
  };
}

/** Whether browsers reach the server by https, so that cookies can be `Secure`. */
export function isSecure(settings: Settings): boolean {
  return settings.tlsCertFile !== null || settings.behindProxy;
}

/** The address people open. `port` is the one listened on, where the setting says 0. */
export function publicUrlOf(settings: Settings, port: number = settings.port): string {
  if (settings.publicUrl !== null) return settings.publicUrl;
  const host = settings.host.includes(":") ? `[${settings.host}]` : settings.host;
  return new URL(`${settings.tlsCertFile === null ? "http" : "https"}://${host}:${port}`).origin;
}

/** Origins of our own pages: the public address, and the address listened on. */
export function ownOriginsOf(settings: Settings, port: number = settings.port): readonly string[] {
  return [
    ...new Set([publicUrlOf(settings, port), publicUrlOf({ ...settings, publicUrl: null }, port)]),
  ];
}

export interface DescribedSetting {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly given: boolean;
  readonly sentence: string;
}

/** The effective settings for people to read, in the table's order; passwords hidden. */
export function describeSettings(settings: Settings): readonly DescribedSetting[] {
  const effective = { ...settings, databaseFile: `sqlite:${settings.databasePath}` };
  const values = new Map<string, unknown>(Object.entries(effective));
  return Object.entries(SETTINGS).map(([key, spec]) => ({
    name: spec.name,
    value: shown(asText(values.get(key))),
    unit: spec.unit,
    given: settings.given.has(spec.name),
    sentence: spec.sentence,
  }));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value ?? "").replaceAll('"', "");
}
