import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { scenarioOf } from "./scenario.ts";
import { simulate, type Verdict } from "./simulate.ts";

const MOST_THREADS = 2;
/** How often it is said how far it is, ms. */
const PROGRESS_EVERY_MS = 10_000;
/** A seed lives long enough to be copied again and again by the usual 48. */
const YOUNG_MB = 96;

interface Share {
  readonly hours: number;
}

/** Runs the seeds that it is given, one after the other. */
function runSeeds({ hours }: Share): void {
  parentPort?.on("message", (seed: number) => {
    void simulate(seed, scenarioOf(seed, hours)).then((verdict) =>
      parentPort?.postMessage(verdict),
    );
  });
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
  runAll(first, count, hours);
}

/** Hands each thread its next seed when it has done one: seeds take from a tenth to ten times as long as others. */
function runAll(first: number, count: number, hours: number): void {
  const startedAt = performance.now();
  const failed: number[] = [];
  const sum = { seeds: 0, facts: 0, steps: 0, faults: 0 };
  let next = first;
  let saidAt = startedAt;
  const sayProgress = () => {
    saidAt = performance.now();
    const seconds = (saidAt - startedAt) / 1_000;
    const left = (seconds / sum.seeds) * (count - sum.seeds);
    print(
      `${sum.seeds} of ${count} seeds of ${hours} h in ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s to go: ${sum.facts} facts, ${sum.steps} steps, ${sum.faults} faults, ${failed.length} failed`,
    );
  };
  const took = (verdict: Verdict) => {
    sum.seeds += 1;
    sum.facts += verdict.facts;
    sum.steps += verdict.steps;
    for (const times of Object.values(verdict.faults)) sum.faults += times;
    if (verdict.violation !== null) {
      failed.push(verdict.seed);
      process.exitCode = 1;
      printFailure(verdict, hours);
    }
    const isLast = sum.seeds === count;
    if (isLast || performance.now() - saidAt >= PROGRESS_EVERY_MS) sayProgress();
    if (isLast && failed.length > 0) print(`failed seeds: ${failed.join(", ")}`);
  };
  for (
    let thread = Math.min(MOST_THREADS, availableParallelism(), count);
    thread > 0;
    thread -= 1
  ) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { hours } satisfies Share,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const giveNext = () => {
      if (next < first + count) worker.postMessage(next++);
      else void worker.terminate();
    };
    worker.on("error", (error) => {
      throw error;
    });
    worker.on("message", (verdict: Verdict) => {
      took(verdict);
      giveNext();
    });
    giveNext();
  }
}

if (isMainThread) main();
else runSeeds(workerData as Share);
