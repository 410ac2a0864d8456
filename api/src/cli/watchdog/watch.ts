import { setTimeout as wait } from "node:timers/promises";
import type { Probe } from "./probe.ts";

/** What the watchdog has to say: once when the server stands still, once when it is back. Times are epoch milliseconds. */
export interface Spoken {
  readonly state: "down" | "up";
  readonly words: string;
  /** When it was noticed that it stands still. */
  readonly since: number;
  readonly at: number;
}

export interface WatchOptions {
  /** Milliseconds between the beginnings of two probes. */
  readonly everyMs: number;
  readonly probe: (limitMs: number) => Promise<Probe>;
  readonly say: (spoken: Spoken) => void;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Parts of a period: the first probe's time, the beginning of a second one, and its time. */
const PROBE_PART = 1 / 2;
const SECOND_AT_PART = 5 / 8;
const SECOND_PART = 1 / 4;

/**
 * Asks once a period until it is stopped. Whoever stops answering right after a good answer is noticed within two periods: one passes
 * until the next probe, and within 7/8 of another a second one has confirmed it. A restart that takes no longer than half a
 * period is not noticed.
 *
 * @returns whether all was well at the end
 */
export async function watch(options: WatchOptions): Promise<boolean> {
  const { everyMs, say, signal, now } = options;
  let downSince: number | null = null;
  while (!signal.aborted) {
    const begun = performance.now();
    const words = await troubleOf(options);
    if (signal.aborted) break;
    const at = now();
    if (words !== null && downSince === null) {
      downSince = at;
      say({ state: "down", words, since: at, at });
    } else if (words === null && downSince !== null) {
      say({ state: "up", words: "it answers again", since: downSince, at });
      downSince = null;
    }
    await pause(everyMs - (performance.now() - begun), signal);
  }
  return downSince === null;
}

/** What two probes agree on; null when all is well, or nothing can be said. */
export async function troubleOf(
  options: Pick<WatchOptions, "everyMs" | "probe" | "signal">,
): Promise<string | null> {
  const { everyMs, probe, signal } = options;
  const begun = performance.now();
  const first = await probe(everyMs * PROBE_PART);
  if (first.type === "well") return null;
  await pause(everyMs * SECOND_AT_PART - (performance.now() - begun), signal);
  const second = await probe(everyMs * SECOND_PART);
  // Woken from a pause of its own, the next period will tell.
  return second.type === "ill" ? second.words : null;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(0, ms), undefined, { signal }).catch(() => {});
}
