import { admit, maskText } from "@batchwatch/engine";
import { BenchError } from "../bench-error.ts";
import type { Reading } from "../figure.ts";
import { BENCH_SOURCE } from "../load/bench-source.ts";
import { EventBodies, MESSAGE_BYTES, messages } from "../load/event-bodies.ts";
import type { Measured, Scenario, ScenarioContext } from "./scenario.ts";

/** Events per request, and the bar in events a second. */
const SIZES = [
  { perRequest: 500, bar: 350_000 },
  { perRequest: 50, bar: 350_000 },
] as const;
const MASKER_BAR_MB = 50;
/** Events made before they are admitted, so that their making is not timed. */
const EVENTS_PER_ROUND = 10_000;
const MESSAGES_PER_ROUND = 10_000;
/** Not counted: the code is compiled, and the ids of the jobs are known. */
const WARM_UP_ROUNDS = 5;
const AT_SIGN = 64;
const BYTES_PER_MB = 1_000_000;

/** Adds up the time of one kind of work. */
class Work {
  done = 0;
  ms = 0;

  /** @param amount what `work` does, in its unit */
  time(amount: number, work: () => void): void {
    const startedAt = performance.now();
    work();
    this.ms += performance.now() - startedAt;
    this.done += amount;
  }

  get perSecond(): number {
    return (this.done * 1_000) / this.ms;
  }

  clear(): void {
    this.done = 0;
    this.ms = 0;
  }
}

function admitAll(requests: readonly Uint8Array[], perRequest: number, receivedAt: number): void {
  for (const bytes of requests) {
    const { accepted } = admit({ contract: "native", bytes, source: BENCH_SOURCE, receivedAt });
    if (accepted !== perRequest) {
      throw new BenchError("wrong", `${accepted} of ${perRequest} events were taken.`);
    }
  }
}

function parseAll(requests: readonly Uint8Array[], perRequest: number): void {
  const decoder = new TextDecoder();
  for (const bytes of requests) {
    const members: unknown = JSON.parse(decoder.decode(bytes));
    if (!Array.isArray(members) || members.length !== perRequest) {
      throw new BenchError("wrong", "A body was not parsed.");
    }
  }
}

/** Door and parser in turn, on the same bodies. */
function doorRates(perRequest: number, seconds: number): { door: number; parser: number } {
  const bodies = new EventBodies();
  const door = new Work();
  const parser = new Work();
  for (let round = 0; ; round++) {
    const now = Date.now();
    const requests = Array.from({ length: EVENTS_PER_ROUND / perRequest }, () =>
      bodies.next(perRequest, now),
    );
    if (round === WARM_UP_ROUNDS) {
      door.clear();
      parser.clear();
    }
    door.time(EVENTS_PER_ROUND, () => admitAll(requests, perRequest, now));
    parser.time(EVENTS_PER_ROUND, () => parseAll(requests, perRequest));
    if (round > WARM_UP_ROUNDS && door.ms + parser.ms >= seconds * 1_000) break;
  }
  return { door: door.perSecond, parser: parser.perSecond };
}

function maskerRate(texts: readonly string[], seconds: number): number {
  const masker = new Work();
  let length = 0;
  for (let round = 0; round <= WARM_UP_ROUNDS || masker.ms < seconds * 1_000; round++) {
    if (round === WARM_UP_ROUNDS) masker.clear();
    masker.time((texts.length * MESSAGE_BYTES) / BYTES_PER_MB, () => {
      for (const text of texts) length += maskText(text).text.length;
    });
  }
  if (length === 0) throw new BenchError("wrong", "Nothing was masked.");
  return masker.perSecond;
}

/** The least that any look at every character costs. */
function loopRate(texts: readonly string[], seconds: number): number {
  const loop = new Work();
  let found = 0;
  for (let round = 0; round <= WARM_UP_ROUNDS || loop.ms < seconds * 1_000; round++) {
    if (round === WARM_UP_ROUNDS) loop.clear();
    loop.time((texts.length * MESSAGE_BYTES) / BYTES_PER_MB, () => {
      for (const text of texts) {
        for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) === AT_SIGN) found += 1;
      }
    });
  }
  if (found === 0) throw new BenchError("wrong", "No character was found.");
  return loop.perSecond;
}

async function run({ seconds, say }: ScenarioContext): Promise<Measured> {
  const figures: Reading[] = [];
  const peers: Reading[] = [];
  const rate = { unit: "events/s", better: "higher" } as const;
  for (const { perRequest, bar } of SIZES) {
    const per = `${perRequest} a request`;
    say(`${per}: ${seconds} s`);
    const { door, parser } = doorRates(perRequest, seconds);
    figures.push(
      { name: `admitted, ${per}`, value: door, bar, ...rate },
      { name: `of JSON.parse, ${per}`, unit: "ratio", value: door / parser, better: "higher" },
    );
    peers.push({ name: `JSON.parse, ${per}`, value: parser, ...rate });
  }
  const mixed = messages(MESSAGES_PER_ROUND);
  const clean = mixed.filter((text) => maskText(text).text === text);
  const third = seconds / 3;
  say(`masker: ${seconds} s`);
  const megabytes = { unit: "MB/s", better: "higher" } as const;
  const masker = maskerRate(mixed, third);
  const loop = loopRate(mixed, third);
  figures.push(
    { name: "masker", value: masker, bar: MASKER_BAR_MB, ...megabytes },
    { name: "masker, nothing to hide", value: maskerRate(clean, third), ...megabytes },
    { name: "masker, of a loop", unit: "ratio", value: masker / loop, better: "higher" },
  );
  peers.push({ name: "a loop over the characters", value: loop, ...megabytes });
  return { figures, peers };
}

export const admitScenario: Scenario = {
  name: "admit",
  what: "bytes → validated, masked, normalised, grouped records, events of 190 bytes, 10 % with a message, one core",
  why: "the door sees every byte, and an answer waits for it",
  run,
};
