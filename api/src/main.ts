import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { APPROVER_ROLES, type Source } from "@batchwatch/engine";
import { hashSecret, newSignInCode, newSourceKey, signInLink } from "./auth/secrets.ts";
import { requireFreePort } from "./http/free-port.ts";
import { type Logger, makeLogger } from "./logger.ts";
import { API_LIMITS } from "./options.ts";
import { SampleClocks } from "./sample-clocks.ts";
import { SampleFeeder } from "./sample-feeder.ts";
import { sealPrototypes } from "./sealed-prototypes.ts";
import { type RunningServer, startServer } from "./server.ts";
import { readSettings, type Settings, SettingsError } from "./settings.ts";
import { ForeignStoreError } from "./threads/join-journal.ts";
import { faultsDirOf, testAccessTokenMsOf } from "./threads/faults-dir.ts";

const OWNER = "operations";
const SAMPLE_SOURCE = "sample-bank";
/** A stop that takes longer is ended hard: the journal has everything. */
const STOP_DEADLINE_MS = 10_000;

/** `npm start` and `batchwatch serve`: everything in one process until it is told to stop. */
export async function serve(argv: readonly string[]): Promise<void> {
  sealPrototypes();
  const wantsSample = sampleOrExit(argv);
  const settings = settingsOrExit();
  await requireFreePort(settings.host, settings.port).catch(refuseToStart);
  const logger = makeLogger(settings.logLevel);
  await mkdir(settings.dataDir, { recursive: true });
  const server = await startServer({
    settings,
    logger,
    sample: wantsSample,
    faultsDir: testFaultsOf(settings, logger),
    accessTokenMs: testAccessTokenMsOf(process.env),
    onFatal: (error, ended) => {
      logger.fatal({ err: error }, "Batchwatch stops; what was accepted is in the journal");
      // An exit would wait for a thread that is inside a call.
      if (ended) process.exit(1);
      process.kill(process.pid, "SIGKILL");
    },
  }).catch(refuseToStart);
  const link = await signInLinkFor(server).catch((error: unknown) => {
    logger.warn({ err: error }, "no sign-in link could be made; the server runs without one");
    return null;
  });
  say(`Batchwatch is running at ${server.url}`);
  say(
    link === null
      ? "Sign in as you do, or print a link: npx --no batchwatch user link --name NAME"
      : `Sign in (works once, within an hour): ${link}`,
  );
  const sources = server.directory.sources();
  const hasSample = sources.some(({ name }) => name === SAMPLE_SOURCE);
  if (hasSample && !wantsSample) {
    say(`The jobs of the sample are in ${settings.dataDir}: delete it to begin with your own.`);
  }
  const feeds = wantsSample && (hasSample || sources.length === 0);
  if (wantsSample && !feeds) {
    say(
      `No sample: ${settings.dataDir} has sources of its own. Set BATCHWATCH_DATA_DIR to another folder for it.`,
    );
  }
  if (sources.length === 0 && !wantsSample) {
    say(
      "No job source yet. Add one: npx --no batchwatch source add --contract native --name my-jobs",
    );
    say("Or look around with sample data: npm start -- --sample");
  }
  await server.live;
  const feeder = feeds ? await feedSample(server, logger) : null;
  stopOnSignals(server, () => feeder?.stop());
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sampleOrExit(argv: readonly string[]): boolean {
  try {
    const options = { sample: { type: "boolean", default: false } } as const;
    return parseArgs({ args: [...argv], options }).values.sample;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${words}. Usage: npm start [-- --sample]\n`);
    return process.exit(2);
  }
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

function testFaultsOf(settings: Settings, logger: Logger): string | null {
  const dir = faultsDirOf(process.env, settings.dataDir);
  if (dir !== null) logger.warn({}, "faults of tests are enabled: this is no production server");
  return dir;
}

function refuseToStart(error: unknown): never {
  const isExpected = error instanceof ForeignStoreError || error instanceof SettingsError;
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  return process.exit(2);
}

/** A fresh one-time link for the first user, who sees everything; the user is made on the first start. Null: that user was removed since. */
async function signInLinkFor(server: RunningServer): Promise<string | null> {
  const { identity } = server.engine.stores;
  const now = Date.now();
  const users = await identity.users();
  const known = users.find((user) => user.name === OWNER);
  // Whom two people removed does not come back with a restart.
  if (known === undefined && users.some(({ role }) => APPROVER_ROLES.includes(role))) return null;
  const owner = known ?? (await identity.addUser(OWNER, "operations-manager", [], now));
  const code = newSignInCode();
  await identity.addSignInCode(hashSecret(code), owner.userId, now + API_LIMITS.signInCodeMs, now);
  await server.directory.refresh();
  return signInLink(server.url, code);
}

async function feedSample(server: RunningServer, logger: Logger): Promise<SampleFeeder> {
  const source = server.directory.sources().find(({ name }) => name === SAMPLE_SOURCE);
  const known = source ?? (await addSampleSource(server));
  const send = (bytes: Uint8Array) => server.gate.take("native", known, bytes, "application/json");
  const clocks = new SampleClocks(server.engine.stores.settings, known.sourceId);
  const onTick = () => clocks.set(Date.now());
  const feeder = new SampleFeeder({ send, onTick, logger });
  feeder.start().catch((error: unknown) => logger.error({ err: error }, "the sample bank stopped"));
  return feeder;
}

/** Nobody knows its key: the sample is fed from inside, through the same gate as every request. */
async function addSampleSource(server: RunningServer): Promise<Source> {
  const source = await server.engine.stores.sources.add(
    {
      name: SAMPLE_SOURCE,
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      pagingMode: "PAGING",
      teamName: null,
      keyHash: hashSecret(newSourceKey()),
    },
    Date.now(),
  );
  await server.directory.refresh();
  return source;
}

function stopOnSignals(server: RunningServer, before: () => void): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    before();
    setTimeout(() => process.kill(process.pid, "SIGKILL"), STOP_DEADLINE_MS).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The stop was not clean: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv.slice(2));
