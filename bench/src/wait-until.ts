import { setTimeout as delay } from "node:timers/promises";
import { BenchError } from "./bench-error.ts";
import { BENCH_OPTIONS } from "./options.ts";

/** Looks again and again until something is there; returns it. @throws {BenchError} with code `timeout` */
export async function waitUntil<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | null>,
): Promise<T> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > endsAt) {
      throw new BenchError("timeout", `${what}: not within ${timeoutMs} ms.`);
    }
    await delay(BENCH_OPTIONS.pollMs);
  }
}
