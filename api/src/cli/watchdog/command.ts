import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isWebhookSecret } from "../../notify/standard-webhook.ts";
import { targetOf } from "../../notify/target.ts";
import { publicUrl } from "../../setting-values.ts";
import { publicUrlOf, readSettings } from "../../settings.ts";
import {
  type CliIo,
  type Command,
  type CommandResult,
  type Given,
  UsageError,
} from "../command.ts";
import { duration, text } from "../values.ts";
import { Prober } from "./probe.ts";
import { Speaker } from "./speaker.ts";
import { commandVoice, type Message, webhookVoice } from "./voices.ts";
import { type Spoken, troubleOf, watch } from "./watch.ts";

const EXAMPLE_URL = "http://127.0.0.1:8080";
const LEAST_EVERY_MS = 1_000;
const MOST_EVERY_MS = 3_600_000;

export const watchdog: Command = {
  name: "watchdog",
  sentence: "Watches a server from another process and speaks for itself when it stands still.",
  usage:
    "[--url URL] [--every SPAN] [--webhook-url URL --webhook-secret-file FILE] [--exec COMMAND] [--once]",
  details: [
    "URL of the server, by default that of the settings; SPAN such as 10s (when left out) or 1m.",
    "Each period it asks whether the server lives and whether its last test page came back.",
    "When it does not, it says so within two periods, once, and once more when it is back:",
    "on standard error, to a webhook (signed; FILE holds whsec_…), and by COMMAND, a shell line",
    "with WATCHDOG_STATE (down or up), WATCHDOG_MESSAGE and WATCHDOG_SINCE in its environment.",
    "What cannot be delivered is tried again until it can. Exit codes: 0 stopped, all well;",
    "1 stopped while it stood still. --once asks once and exits with 0 or 1.",
  ],
  options: {
    url: { type: "string" },
    every: { type: "string" },
    "webhook-url": { type: "string" },
    "webhook-secret-file": { type: "string" },
    exec: { type: "string" },
    once: { type: "boolean" },
  },
  positionals: 0,
  async run(given) {
    const url = serverUrl(text(given, "url") ?? publicUrlOf(readSettings(given.io.env)));
    const everyMs = period(text(given, "every") ?? "10s");
    const webhook = await webhookOf(given);
    const exec = text(given, "exec");
    const prober = new Prober(url);
    const stop = new AbortController();
    const { signal } = stop;
    const probe = (limitMs: number) => prober.probe(limitMs);
    try {
      if (given.values["once"] === true) {
        return once(url, await troubleOf({ everyMs, probe, signal }));
      }
      const speakers = [
        ...(webhook === null ? [] : [["webhook", webhook] as const]),
        ...(exec === null ? [] : [["command", commandVoice(exec, given.io.env)] as const]),
      ].map(([name, deliver]) => {
        return new Speaker({ name, deliver, signal, complain: (line) => note(given.io, line) });
      });
      const say = (spoken: Spoken) => {
        const message = messageOf(url, spoken);
        note(given.io, message.line);
        for (const speaker of speakers) speaker.say(message);
      };
      const release = stopOnSignals(stop);
      note(given.io, `watching ${url} every ${everyMs / 1_000} s`);
      const isWell = await watch({ everyMs, probe, say, signal, now: Date.now });
      await Promise.all(speakers.map((speaker) => speaker.idle()));
      release();
      return { lines: [], json: { url, well: isWell }, failed: !isWell };
    } finally {
      prober.close();
    }
  },
};

function once(url: string, trouble: string | null): CommandResult {
  const lines = [trouble === null ? `${url} is well.` : `${url}: ${trouble}.`];
  return { lines, json: { url, well: trouble === null, trouble }, failed: trouble !== null };
}

function messageOf(url: string, spoken: Spoken): Message {
  const minutes = Math.max(1, Math.round((spoken.at - spoken.since) / 60_000));
  const line =
    spoken.state === "down"
      ? `Batchwatch at ${url} stands still: ${spoken.words}. It may page nobody now.`
      : `Batchwatch at ${url} is back: ${spoken.words}, after ${minutes} min.`;
  return { ...spoken, id: `watchdog-${randomUUID()}`, line, url };
}

function note(io: CliIo, line: string): void {
  io.stderr.write(`${new Date().toISOString()} watchdog: ${line}\n`);
}

/** Returns what takes the listening back. */
function stopOnSignals(stop: AbortController): () => void {
  const onSignal = () => stop.abort();
  const signals = ["SIGTERM", "SIGINT"] as const;
  for (const one of signals) process.on(one, onSignal);
  return () => {
    for (const one of signals) process.off(one, onSignal);
  };
}

function serverUrl(given: string): string {
  try {
    return publicUrl(given);
  } catch {
    throw new UsageError(`--url is "${given}"; it must be an address such as ${EXAMPLE_URL}.`);
  }
}

function period(given: string): number {
  const ms = duration("every", given);
  if (ms >= LEAST_EVERY_MS && ms <= MOST_EVERY_MS) return ms;
  throw new UsageError(`--every is "${given}"; it must be from 1s to 1h.`);
}

async function webhookOf(given: Given): Promise<ReturnType<typeof webhookVoice> | null> {
  const [url, file] = [text(given, "webhook-url"), text(given, "webhook-secret-file")];
  if (url === null && file === null) return null;
  if (url === null || file === null) {
    const missing = url === null ? "webhook-url" : "webhook-secret-file";
    throw new UsageError(`--${missing} is missing; a webhook needs its address and its secret.`);
  }
  const target = URL.canParse(url) ? targetOf(url, [new URL(url).hostname]) : null;
  if (target === null || "refused" in target) {
    const right = target?.refused ?? "it must be an address such as https://hooks.bank.example/x";
    throw new UsageError(`--webhook-url: ${right}.`);
  }
  const secret = (await readFile(file, "utf8").catch(() => "")).trim();
  if (isWebhookSecret(secret)) return webhookVoice(url, secret);
  throw new UsageError(
    `--webhook-secret-file is "${file}"; it must be a readable file that holds whsec_ and 24 to 64 bytes in base64.`,
  );
}
