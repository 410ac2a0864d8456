import { Child } from "../child-process.ts";
import type { Reading } from "../figure.ts";
import { nextMessage } from "../next-message.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import type { ScaleRequest, ScaleResult } from "../scale/messages.ts";
import { type StoredResult, StoredRuns } from "../scale/stored-runs.ts";
import { shownCount } from "../shown-count.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

const ACTIVE_JOBS = 500;

interface Size {
  readonly idleJobs: readonly number[];
  readonly facts: number;
  readonly storedRuns: readonly number[];
}

const USUAL: Size = {
  idleJobs: [100, 1_000, 10_000, 100_000],
  facts: 20_000,
  storedRuns: [10_000, 100_000, 1_000_000],
};
const SIZES: Readonly<Record<Form, Size>> = {
  usual: USUAL,
  long: { ...USUAL, storedRuns: [...USUAL.storedRuns, 10_000_000] },
  smoke: { idleJobs: [100], facts: 5_000, storedRuns: [2_000] },
};
/** Slowest over fastest of the sizes. */
const FLAT_BAR = 1.5;
const ACTIVE_BAR_KB = 8;
const BYTES_PER_KB = 1_000;
/** Enough for 100,000 jobs, so that the size is measured and not the collector's last stand. */
const HEAP_MB = 6_000;

async function sizeOf(idleJobs: number, facts: number): Promise<ScaleResult> {
  const request: ScaleRequest = { idleJobs, activeJobs: ACTIVE_JOBS, facts };
  const args = ["--expose-gc", `--max-old-space-size=${HEAP_MB}`];
  const child = new Child(
    process.execPath,
    [...args, PATHS.child("scale"), JSON.stringify(request)],
    { messages: true },
  );
  try {
    return await nextMessage<ScaleResult>(child, BENCH_OPTIONS.scaleTimeoutMs);
  } finally {
    await child.stop();
  }
}

function ratio(name: string, values: readonly number[]): Reading {
  const value = Math.max(...values) / Math.min(...values);
  return {
    name: `${name}, slowest of fastest`,
    unit: "ratio",
    value,
    bar: FLAT_BAR,
    better: "lower",
  };
}

async function knownJobs({ form, say }: ScenarioContext): Promise<readonly Reading[]> {
  const { idleJobs: idle, facts } = SIZES[form];
  const figures: Reading[] = [];
  const sizes: ScaleResult[] = [];
  for (const idleJobs of idle) {
    say(`${shownCount(idleJobs)} known jobs`);
    const size = await sizeOf(idleJobs, facts);
    sizes.push(size);
    const at = `${shownCount(idleJobs)} jobs`;
    const lower = { better: "lower" } as const;
    const kilobytes = { unit: "kB", ...lower };
    figures.push(
      { name: `an event in the shard, ${at}`, unit: "ns", value: size.eventNs, ...lower },
      { name: `dashboard, ${at}`, unit: "ms", value: size.dashboardMs, ...lower },
      { name: `1,000 changes, ${at}`, unit: "ms", value: size.sinceMs, ...lower },
      { name: `a known job, ${at}`, value: size.knownBytes / BYTES_PER_KB, ...kilobytes },
      {
        name: `an active job, ${at}`,
        value: (size.knownBytes + size.activeBytes) / BYTES_PER_KB,
        bar: ACTIVE_BAR_KB,
        ...kilobytes,
      },
    );
  }
  return [
    ...figures,
    ratio(
      "an event in the shard",
      sizes.map((size) => size.eventNs),
    ),
    ratio(
      "dashboard",
      sizes.map((size) => size.dashboardMs),
    ),
    ratio(
      "1,000 changes",
      sizes.map((size) => size.sinceMs),
    ),
  ];
}

const QUESTIONS: Readonly<Record<keyof StoredResult, string>> = {
  newestMs: "newest 50 runs",
  deepMs: "50 runs after the first 1,000",
  ofJobMs: "newest 10 runs of a job",
  runMs: "one run",
  loadMsPerJob: "loading a job",
};

async function storedRuns({ form, say }: ScenarioContext): Promise<readonly Reading[]> {
  const figures: Reading[] = [];
  const found: StoredResult[] = [];
  const store = await StoredRuns.make();
  try {
    for (const runs of SIZES[form].storedRuns) {
      say(`${shownCount(runs)} runs stored`);
      store.grow(runs);
      const result = await store.measure();
      found.push(result);
      for (const [key, name] of Object.entries(QUESTIONS) as [keyof StoredResult, string][]) {
        const at = `${shownCount(runs)} runs stored`;
        figures.push({ name: `${name}, ${at}`, unit: "ms", value: result[key], better: "lower" });
      }
    }
  } finally {
    await store.remove();
  }
  const ratios = (Object.entries(QUESTIONS) as [keyof StoredResult, string][]).map(([key, name]) =>
    ratio(
      name,
      found.map((result) => result[key]),
    ),
  );
  return [...figures, ...ratios];
}

async function run(context: ScenarioContext): Promise<Measured> {
  return {
    figures: [...(await knownJobs(context)), ...(await storedRuns(context))],
    peers: [],
  };
}

export const scale: Scenario = {
  name: "scale",
  what: "500 active jobs beside 100 to 100,000 known ones; 10,000 to 1,000,000 runs stored: time and memory",
  why: "what is not active must cost nothing while the night runs",
  long: "10,000,000 runs stored as well",
  run,
};
