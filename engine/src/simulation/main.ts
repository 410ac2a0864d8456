import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { scenarioOf } from "./scenario.ts";
import { simulate, type Verdict } from "./simulate.ts";

/** Seeds that a thread takes at once. */
const SEEDS_AT_ONCE = 10;
const MOST_THREADS = 2;
/** A seed lives long enough to be copied again and again by the usual 48. */
const YOUNG_MB = 96;

interface Share {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly hours: number;
}

async function runShare(
  { first, count, step, hours }: Share,
  report: (verdicts: Verdict[]) => void,
): Promise<void> {
  let verdicts: Verdict[] = [];
  for (let n = 0; n < count; n += 1) {
    const seed = first + n * step;
    verdicts.push(await simulate(seed, scenarioOf(seed, hours)));
    if (verdicts.length < SEEDS_AT_ONCE && n + 1 < count) continue;
    report(verdicts);
    verdicts = [];
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printFailure({ seed, trace, violation }: Verdict, hours: number): void {
  for (const line of trace) print(`  ${line}`);
  print(`seed ${seed} breaks ${violation?.message}`);
  print(`again: npm run simulate -- --seed ${seed} --hours ${hours}`);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1000" },
      seed: { type: "string" },
      hours: { type: "string", default: "24" },
    },
  });
  const hours = Number(values.hours);
  const first = Number(values.seed ?? 1);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  if (![hours, first, count].every((one) => Number.isSafeInteger(one) && one > 0)) {
    print(
      "usage: npm run simulate -- [--seeds 1000] [--hours 24] [--seed N]; whole numbers above 0",
    );
    process.exitCode = 2;
    return;
  }
  const startedAt = performance.now();
  const failed: Verdict[] = [];
  const sum = { seeds: 0, facts: 0, steps: 0, faults: 0 };
  const threads = Math.min(MOST_THREADS, availableParallelism(), count);
  for (let thread = 0; thread < threads; thread += 1) {
    const share: Share = {
      first: first + thread,
      count: Math.ceil((count - thread) / threads),
      step: threads,
      hours,
    };
    const worker = new Worker(new URL(import.meta.url), {
      workerData: share,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.on("error", (error) => {
      throw error;
    });
    worker.on("message", (verdicts: readonly Verdict[]) => {
      for (const verdict of verdicts) {
        sum.seeds += 1;
        sum.facts += verdict.facts;
        sum.steps += verdict.steps;
        for (const times of Object.values(verdict.faults)) sum.faults += times;
        if (verdict.violation === null) continue;
        failed.push(verdict);
        process.exitCode = 1;
        printFailure(verdict, hours);
      }
      if (sum.seeds % 100 === 0 || sum.seeds === count) {
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
        print(
          `${sum.seeds} of ${count} seeds of ${hours} h in ${seconds} s: ${sum.facts} facts, ${sum.steps} steps, ${sum.faults} faults, ${failed.length} failed`,
        );
      }
      if (sum.seeds === count && failed.length > 0) {
        print(`failed seeds: ${failed.map(({ seed }) => seed).join(", ")}`);
      }
    });
  }
}

if (isMainThread) main();
else await runShare(workerData as Share, (verdicts) => parentPort?.postMessage(verdicts));
