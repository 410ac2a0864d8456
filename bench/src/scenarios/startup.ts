import { request } from "undici";
import { BenchError } from "../bench-error.ts";
import { Child } from "../child-process.ts";
import { boardCaughtUp } from "../load/board.ts";
import type { ExpectedRun } from "../load/workload.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import { answers, Installation } from "../server.ts";
import { shownCount } from "../shown-count.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

const JOBS: Readonly<Record<Form, number>> = { usual: 5_000, long: 5_000, smoke: 250 };
const JOBS_PER_REQUEST = 250;
const READY = "/health/ready";
const BARS_MS = { main: 2_000, npm: 4_000 } as const;

/** One run of each job, ended just now. */
async function makeJobsKnown(
  installation: Installation,
  jobs: number,
): Promise<ReadonlyMap<string, ExpectedRun>> {
  const expected = new Map<string, ExpectedRun>();
  for (let first = 0; first < jobs; first += JOBS_PER_REQUEST) {
    const now = Date.now();
    const members = Array.from({ length: JOBS_PER_REQUEST }, (_, index) => {
      const name = `known-${first + index}`;
      const runId = `run-${first + index}`;
      expected.set(name, { runId, ended: true, done: 0 });
      const head = { job: { namespace: "bench", name }, run: { id: runId } };
      return [
        { ...head, kind: "started", at: new Date(now - 60_000).toISOString() },
        { ...head, kind: "succeeded", at: new Date(now).toISOString(), counters: { written: 10 } },
      ];
    });
    const { statusCode, body } = await request(`${installation.url}/api/v1/observations`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${installation.sourceKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(members.flat()),
    });
    const text = await body.text();
    if (statusCode !== 202)
      throw new BenchError("refused", `Intake answered ${statusCode}: ${text}`);
  }
  return expected;
}

/** From `npm start` as a user types it, to the first ready answer. */
async function npmStartMs(installation: Installation): Promise<number> {
  const startedAt = performance.now();
  const options = { env: installation.env, cwd: PATHS.root, group: true };
  const child = new Child("npm", ["start"], options);
  try {
    await answers(child, installation.url + READY, BENCH_OPTIONS.npmStartTimeoutMs);
    return performance.now() - startedAt;
  } finally {
    await child.stop();
  }
}

async function run({ form, say }: ScenarioContext): Promise<Measured> {
  const jobs = JOBS[form];
  const installation = await Installation.make();
  try {
    say(`${jobs} jobs are made known`);
    const first = await installation.start();
    const expected = await makeJobsKnown(installation, jobs);
    await boardCaughtUp(installation.url, installation.token, expected);
    const stoppedMs = await first.stop();
    const second = await installation.start(READY);
    const boardMs = await boardCaughtUp(installation.url, installation.token, expected);
    await second.stop();
    say("npm start, twice");
    await npmStartMs(installation);
    const npmMs = await npmStartMs(installation);
    const ms = { unit: "ms", better: "lower" } as const;
    return {
      figures: [
        {
          name: `built main ready, ${shownCount(jobs)} jobs`,
          value: second.startedMs,
          bar: BARS_MS.main,
          ...ms,
        },
        { name: "board complete after ready", value: boardMs, ...ms },
        { name: "npm start ready, second time", value: npmMs, bar: BARS_MS.npm, ...ms },
        { name: "stop after the load", value: stoppedMs, ...ms },
      ],
      peers: [],
    };
  } finally {
    await installation.remove();
  }
}

export const startup: Scenario = {
  name: "startup",
  what: "second start with 5,000 jobs known, of the built main and of npm start, until ready",
  why: "a restart at night must not be noticed",
  run,
};
