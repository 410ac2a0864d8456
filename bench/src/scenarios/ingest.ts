import { Child } from "../child-process.ts";
import type { Reading } from "../figure.ts";
import { freePort } from "../free-port.ts";
import { boardCaughtUp } from "../load/board.ts";
import { sustain, type Sustained } from "../load/sustain.ts";
import { Workload } from "../load/workload.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import { answers, withServer } from "../server.ts";
import { shownCount } from "../shown-count.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

/** Events per request, and the bar in events a second. */
interface RequestSize {
  readonly perRequest: number;
  readonly bar: number;
}

interface Size {
  readonly jobs: number;
  /** The first is the one that numbers of jobs are compared at. */
  readonly requests: readonly [RequestSize, ...RequestSize[]];
  /** The rate must not depend on the number of jobs: slowest / fastest over `jobs` and these. */
  readonly otherJobs: readonly number[];
}

const USUAL: Size = {
  jobs: 500,
  requests: [
    { perRequest: 500, bar: 200_000 },
    { perRequest: 50, bar: 120_000 },
    { perRequest: 1, bar: 10_000 },
  ],
  otherJobs: [10, 5_000],
};
const SIZES: Readonly<Record<Form, Size>> = {
  usual: USUAL,
  long: USUAL,
  smoke: { jobs: 50, requests: [{ perRequest: 50, bar: 120_000 }], otherJobs: [10] },
};
const FLAT_BAR = 0.85;
const CAUGHT_UP_BAR_MS = 1_000;
/** A floor needs less time than the figure beside it. */
const FLOOR_SECONDS_MAX = 5;

interface Ingested extends Sustained {
  readonly caughtUpMs: number;
}

function rateOf(load: Sustained): number {
  return (load.accepted * 1_000) / load.elapsedMs;
}

async function ingested(jobs: number, perRequest: number, seconds: number): Promise<Ingested> {
  return withServer({}, async (server) => {
    const workload = new Workload(jobs);
    const { sourceKey: key, token } = server.installation;
    const nextBody = (count: number): string => workload.next(count, Date.now());
    const load = await sustain({ url: server.url, key, seconds, perRequest, nextBody });
    return { ...load, caughtUpMs: await boardCaughtUp(server.url, token, workload.expected()) };
  });
}

/** The same load against a route that only parses. */
async function floorRate(jobs: number, perRequest: number, seconds: number): Promise<number> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = new Child(process.execPath, [PATHS.child("http-floor"), String(port)]);
  try {
    await answers(child, url, BENCH_OPTIONS.childReadyTimeoutMs);
    const workload = new Workload(jobs);
    const nextBody = (count: number): string => workload.next(count, Date.now());
    return rateOf(await sustain({ url, key: "none", seconds, perRequest, nextBody }));
  } finally {
    await child.stop();
  }
}

async function run({ seconds, form, say }: ScenarioContext): Promise<Measured> {
  const { jobs, requests, otherJobs } = SIZES[form];
  const figures: Reading[] = [];
  const peers: Reading[] = [];
  const rates: number[] = [];
  for (const { perRequest, bar } of requests) {
    const per = `${perRequest} a request`;
    say(`${per}: ${seconds} s`);
    const load = await ingested(jobs, perRequest, seconds);
    const value = rateOf(load);
    if (rates.length === 0) rates.push(value);
    const floor = await floorRate(jobs, perRequest, Math.min(seconds, FLOOR_SECONDS_MAX));
    const ms = { unit: "ms", better: "lower" } as const;
    figures.push(
      { name: `accepted, ${per}`, unit: "events/s", value, bar, better: "higher" },
      { name: `answers 503, ${per}`, unit: "answers", value: load.busy, bar: 0, better: "lower" },
      { name: `board complete, ${per}`, value: load.caughtUpMs, bar: CAUGHT_UP_BAR_MS, ...ms },
      { name: `answer p50, ${per}`, value: load.latency.percentileMs(50), ...ms },
      { name: `answer p99, ${per}`, value: load.latency.percentileMs(99), ...ms },
      { name: `of the floor, ${per}`, unit: "ratio", value: value / floor, better: "higher" },
    );
    peers.push({ name: `parse only, ${per}`, unit: "events/s", value: floor, better: "higher" });
  }
  for (const others of otherJobs) {
    say(`${others} jobs: ${seconds} s`);
    const value = rateOf(await ingested(others, requests[0].perRequest, seconds));
    rates.push(value);
    figures.push({ name: `accepted, ${others} jobs`, unit: "events/s", value, better: "higher" });
  }
  const flat = Math.min(...rates) / Math.max(...rates);
  const least = Math.min(jobs, ...otherJobs);
  const most = Math.max(jobs, ...otherJobs);
  figures.push({
    name: `slowest of the fastest, ${shownCount(least)} to ${shownCount(most)} jobs`,
    unit: "ratio",
    value: flat,
    bar: FLAT_BAR,
    better: "higher",
  });
  return { figures, peers };
}

export const ingest: Scenario = {
  name: "ingest",
  what: "durable HTTP intake of native observations, 1 % transitions, 500 jobs, until the board shows them",
  why: "a night's peak must be taken without a 503, and be seen within a second",
  run,
};
