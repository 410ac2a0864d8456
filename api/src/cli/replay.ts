import { access } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { SOURCE_CONTRACTS } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { publicUrlOf, readSettings } from "../settings.ts";
import { CommandError, UsageError, type Command } from "./command.ts";
import { withStores } from "./open-store.ts";
import { replayBatches, type ReplayLine } from "./replay-batches.ts";
import { REPLAY_WIRES, type ReplayWire } from "./replay-wires.ts";
import { addReplaySource } from "./sources.ts";
import { oneOf, required, text } from "./values.ts";

interface Target {
  readonly url: string;
  readonly key: string;
  /** The key was made just now: the server learns of it within a second. */
  readonly fresh: boolean;
  readonly wire: ReplayWire;
}

async function post(target: Target, body: string): Promise<Response> {
  try {
    return await fetch(new URL(target.wire.path, target.url), {
      method: "POST",
      headers: { authorization: `Bearer ${target.key}`, "content-type": target.wire.contentType },
      body,
      signal: AbortSignal.timeout(API_LIMITS.replayTimeoutMs),
    });
  } catch (error) {
    throw noServer(target.url, error);
  }
}

function noServer(url: string, error: unknown): CommandError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error && cause.message !== "" ? ` (${cause.message})` : "";
  return new CommandError(`No server answers at ${url}${why}; start it, or give --url.`);
}

/** Any answer will do: it is asked before a source is made for nothing. */
async function requireServer(url: string): Promise<void> {
  try {
    const signal = AbortSignal.timeout(API_LIMITS.replayTimeoutMs);
    const { body } = await fetch(new URL("/health/live", url), { signal });
    await body?.cancel();
  } catch (error) {
    throw noServer(url, error);
  }
}

/** Sends one request until it is answered by other than "later". */
async function sendPatiently(target: Target, body: string): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await post(target, body);
    const later = response.status === 503 || (response.status === 401 && target.fresh);
    if (!later || tries === API_LIMITS.replayTries) return response;
    await response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after") ?? 0.2);
    const waitMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 1_000;
    await wait(Math.min(waitMs, API_LIMITS.replayWaitMs));
  }
}

interface Refusal {
  readonly line: number;
  readonly message: string;
}

async function sendBatch(
  target: Target,
  lines: readonly ReplayLine[],
): Promise<readonly Refusal[]> {
  const response = await sendPatiently(target, target.wire.body(lines.map((line) => line.text)));
  const answer = parsed(await response.text());
  const refused = target.wire.refused(response.status, answer);
  const first = lines[0]?.number ?? 0;
  if (refused !== null) {
    return refused.map((one) => ({
      line: lines[one.index]?.number ?? first,
      message: one.message,
    }));
  }
  if (response.ok) return [];
  // One line that the server will never take must not keep back the rest.
  const isAboutTheLine =
    response.status === 400 || response.status === 413 || response.status === 422;
  const said = `the server answered ${response.status}`;
  if (lines.length === 1 && isAboutTheLine) return [{ line: first, message: said }];
  const hint = response.status === 401 ? "; --key must be the key of a source" : "";
  throw new CommandError(`Stopped at line ${first}: ${said}${hint}.`);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

async function targetOf(
  env: NodeJS.ProcessEnv,
  given: { url: string | null; key: string | null; contract: keyof typeof REPLAY_WIRES },
  say: (line: string) => void,
): Promise<Target> {
  const url = given.url ?? publicUrlOf(readSettings(env));
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url is "${url}"; it must be an address such as http://127.0.0.1:8080.`);
  }
  const wire = REPLAY_WIRES[given.contract];
  if (given.key !== null) return { url, key: given.key, fresh: false, wire };
  await requireServer(url);
  const made = await withStores(env, ({ sources }, { begins }) =>
    addReplaySource(sources, given.contract, Date.now(), begins),
  );
  say(`Made the source "${made.name}" for this replay; its key: ${made.key}`);
  return { url, key: made.key, fresh: true, wire };
}

export const replay: Command = {
  name: "replay",
  sentence: "Sends a file of events to the running server, in order.",
  usage: "FILE.ndjson --contract CONTRACT [--url URL] [--key KEY]",
  details: [
    `CONTRACT is one of: ${SOURCE_CONTRACTS.join(", ")}. One event per line.`,
    "URL is the server's address; by default that of the settings.",
    "KEY is a source's key; without it, a source is made for the replay.",
  ],
  options: { contract: { type: "string" }, url: { type: "string" }, key: { type: "string" } },
  positionals: 1,
  async run(given) {
    const file = given.positionals[0];
    if (file === undefined) throw new UsageError("The file is missing; give one event per line.");
    const word = required(given, "contract", `one of: ${SOURCE_CONTRACTS.join(", ")}`);
    const contract = oneOf("contract", word, SOURCE_CONTRACTS);
    await access(file).catch(() => {
      throw new CommandError(`The file ${file} cannot be read.`);
    });
    const say = (line: string) => given.io.stderr.write(`${line}\n`);
    const wanted = { url: text(given, "url"), key: text(given, "key"), contract };
    const target = await targetOf(given.io.env, wanted, say);

    const named: Refusal[] = [];
    let accepted = 0;
    let rejected = 0;
    const refuse = (refusals: readonly Refusal[]) => {
      rejected += refusals.length;
      named.push(...refusals.slice(0, API_LIMITS.replayNamedRejections - named.length));
    };
    for await (const batch of replayBatches(file)) {
      // A line that is no JSON would spoil the request that it travels in.
      const good = batch.filter((line) => parsed(line.text) !== null);
      const bad = batch.filter((line) => parsed(line.text) === null);
      refuse(bad.map((line) => ({ line: line.number, message: "not JSON" })));
      const refusals = good.length === 0 ? [] : await sendBatch(target, good);
      refuse(refusals);
      accepted += good.length - refusals.length;
      say(`${accepted + rejected} lines sent`);
    }
    for (const one of named) say(`line ${one.line}: ${one.message}`);
    return {
      lines: [`${accepted} accepted, ${rejected} rejected`],
      json: { accepted, rejected, rejections: named },
      failed: rejected > 0 && accepted === 0,
    };
  },
};
