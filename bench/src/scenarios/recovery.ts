import { request } from "undici";
import { setTimeout as delay } from "node:timers/promises";
import { allRuns } from "../crash/all-runs.ts";
import { CrashLoad } from "../crash/crash-load.ts";
import { Ledger, type Verdict } from "../crash/ledger.ts";
import { replayRate } from "../crash/replay.ts";
import { medianOf, type Reading } from "../figure.ts";
import { dashboard } from "../load/board.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { randomOf } from "../random.ts";
import { Installation, type Server } from "../server.ts";
import { waitUntil } from "../wait-until.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

interface Size {
  readonly jobs: number;
  readonly kills: number;
  /** Below what a shard reads on before something is saved. */
  readonly replayedFacts: number;
}

const SIZES: Readonly<Record<Form, Size>> = {
  usual: { jobs: 5_000, kills: 20, replayedFacts: 300_000 },
  long: { jobs: 5_000, kills: 200, replayedFacts: 300_000 },
  smoke: { jobs: 500, kills: 1, replayedFacts: 50_000 },
};
const PER_REQUEST = 50;
const REQUESTS_PER_SECOND = 100;
/** Load before each kill, at random between these. Milliseconds. */
const LOAD_MS = { least: 100, most: 600 } as const;
/** Requests that come after the kill and find nobody. */
const REQUESTS_BEHIND = 5;
/** Kills after which the long run says how it stands. */
const KILLS_PER_WORD = 20;
const READY = "/health/ready";
const BOARD_BAR_MS = 2_000;
const REPLAY_BAR = 500_000;

interface Killed extends Verdict {
  readonly boardMs: readonly number[];
  readonly readyMs: readonly number[];
}

/** Waits until the board shows everything acknowledged. */
async function boardShows({ url, installation }: Server, ledger: Ledger): Promise<void> {
  await waitUntil(
    "The board shows what was acknowledged",
    BENCH_OPTIONS.boardTimeoutMs,
    async () => {
      const board = await dashboard(url, installation.token);
      const missing = ledger.missingOf([...board.recentCompletions, ...board.activeJobs]);
      return missing === 0 ? true : null;
    },
  );
}

/** Waits until the journal holds nothing that the store does not. */
async function allSaved(url: string): Promise<void> {
  await waitUntil("Everything is saved", BENCH_OPTIONS.boardTimeoutMs, async () => {
    const { body } = await request(`${url}/health`);
    const { components } = (await body.json()) as {
      components: { journal: { details: { unsaved_records: number } } };
    };
    return components.journal.details.unsaved_records === 0 ? true : null;
  });
}

async function killAgainAndAgain(
  installation: Installation,
  { jobs, kills }: Size,
  { seed, say }: ScenarioContext,
): Promise<Killed> {
  const { url, sourceKey: key, token } = installation;
  const ledger = new Ledger(jobs);
  const load = new CrashLoad({ url, key, ledger, perRequest: PER_REQUEST });
  const random = randomOf(seed);
  const boardMs: number[] = [];
  const readyMs: number[] = [];
  let server = await installation.start(READY);
  try {
    say(`${jobs} jobs are made known, then ${kills} kills`);
    await load.send(jobs / PER_REQUEST, REQUESTS_PER_SECOND);
    await boardShows(server, ledger);
    for (let kill = 1; kill <= kills; kill++) {
      const loadMs = LOAD_MS.least + random() * (LOAD_MS.most - LOAD_MS.least);
      const requests = Math.ceil((loadMs * REQUESTS_PER_SECOND) / 1_000) + REQUESTS_BEHIND;
      const sent = load.send(requests, REQUESTS_PER_SECOND);
      await delay(loadMs);
      await Promise.all([server.kill(), sent]);
      const startedAt = performance.now();
      server = await installation.start(READY);
      readyMs.push(server.startedMs);
      await boardShows(server, ledger);
      boardMs.push(performance.now() - startedAt);
      await load.sendAgain();
      if (kill % KILLS_PER_WORD === 0) {
        say(`${kill} kills; board back ${Math.round(medianOf(boardMs))} ms in the median`);
      }
    }
    // The list is of what is saved: a fact that is in the journal alone is not lost.
    await server.stop();
    server = await installation.start(READY);
    await allSaved(url);
    return { ...ledger.verdict(await allRuns(url, token)), boardMs, readyMs };
  } finally {
    await load.close();
    await server.stop().catch(() => 0);
  }
}

async function run(context: ScenarioContext): Promise<Measured> {
  const size = SIZES[context.form];
  const { jobs, kills, replayedFacts } = size;
  const installation = await Installation.make({ BATCHWATCH_BOARD_LIMIT: "20000" });
  let killed: Killed;
  try {
    killed = await killAgainAndAgain(installation, size, context);
  } finally {
    await installation.remove();
  }
  const { acknowledged, lost, duplicates, boardMs, readyMs } = killed;
  context.say(
    `${acknowledged} facts acknowledged, ${lost} lost, ${duplicates} runs twice or never sent`,
  );
  context.say(`${replayedFacts} facts are replayed`);
  const replay = await replayRate(replayedFacts, jobs);
  const ms = { unit: "ms", better: "lower" } as const;
  const figures: Reading[] = [
    { name: `facts lost, ${kills} kills`, unit: "facts", value: lost, bar: 0, better: "lower" },
    { name: "runs twice or never sent", unit: "runs", value: duplicates, bar: 0, better: "lower" },
    { name: "facts acknowledged", unit: "facts", value: acknowledged, better: "higher" },
    { name: "board back, median", value: medianOf(boardMs), bar: BOARD_BAR_MS, ...ms },
    { name: "board back, longest", value: Math.max(...boardMs), bar: BOARD_BAR_MS, ...ms },
    { name: "ready, median", value: medianOf(readyMs), ...ms },
    {
      name: "replay: read, decode, join, rows",
      unit: "facts/s",
      value: replay,
      bar: REPLAY_BAR,
      better: "higher",
    },
  ];
  return { figures, peers: [] };
}

export const recovery: Scenario = {
  name: "recovery",
  what: "kill -9 under load, again and again, until the board of 5,000 jobs is back; replay of an unsaved journal",
  why: "what was acknowledged is kept, whatever happens to the process",
  long: "200 kills instead of 20, 3,000,000 facts replayed instead of 300,000",
  run,
};
