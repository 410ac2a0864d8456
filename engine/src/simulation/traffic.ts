import type { Dice } from "./dice.ts";
import type { Scenario } from "./scenario.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One statement of a producer. Times are milliseconds since the start of the simulation. */
export interface PlannedFact {
  readonly sendAt: number;
  readonly contract: "native" | "openlineage";
  readonly member: Readonly<Record<string, unknown>>;
}

interface PlannedJob {
  readonly name: string;
  readonly everyMs: number;
  readonly stages: number;
  readonly usualMs: number;
  /** Runs have a business date: each instance its own, or all the same. */
  readonly dated: "each" | "all" | null;
}

/** Everything that the producer of one source says, ordered by when it says it. */
export function plannedTraffic(
  source: number,
  startAt: number,
  scenario: Scenario,
  dice: Dice,
): PlannedFact[] {
  const facts: PlannedFact[] = [];
  for (const job of jobsOf(source, scenario, dice)) {
    const first = dice.whole(0, Math.min(job.everyMs, 2 * HOUR));
    for (let at = first, n = 0; at < scenario.hours * HOUR; at += job.everyMs, n += 1) {
      planInstance(facts, { job, n, at, startAt, dice, lateRate: scenario.rates["late-fact"] });
    }
  }
  planBackfill(facts, source, startAt, scenario, dice);
  planStorms(facts, source, startAt, scenario, dice);
  planNotes(facts, source, startAt, scenario, dice);
  return facts.sort((a, b) => a.sendAt - b.sendAt);
}

function jobsOf(source: number, { jobs }: Scenario, dice: Dice): PlannedJob[] {
  const made: PlannedJob[] = [];
  const add = (kind: string, count: number, everyMs: number, stages: number, usualMs: number) => {
    for (let n = 0; n < count; n += 1) {
      const dated = kind === "today" ? "all" : dice.chance(0.7) ? "each" : null;
      made.push({ name: `${kind}-${source}-${n}`, everyMs, stages, usualMs, dated });
    }
  };
  add("frequent", jobs.frequent, dice.whole(14, 30) * MINUTE, 0, 2 * MINUTE);
  add("hourly", jobs.hourly, dice.whole(50, 90) * MINUTE, 2, 12 * MINUTE);
  add("daily", jobs.daily, 11 * HOUR, 4, 50 * MINUTE);
  if (jobs.today > 0) add("today", jobs.today, dice.whole(8, 15) * MINUTE, 0, 2 * MINUTE);
  return made;
}

interface Instance {
  readonly job: PlannedJob;
  readonly n: number;
  readonly at: number;
  readonly startAt: number;
  readonly dice: Dice;
  readonly lateRate: number;
}

/** One instance: attempts follow one another until one succeeds or nobody repeats it. */
function planInstance(facts: PlannedFact[], instance: Instance): void {
  const { job, n, dice } = instance;
  let at = instance.at;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const run = `${job.name}.${n}.${attempt}`;
    const end = planRun(facts, instance, run, at);
    if (end.state !== "failed" || dice.chance(0.3)) return;
    at = end.at + dice.whole(MINUTE, 20 * MINUTE);
  }
}

function planRun(
  facts: PlannedFact[],
  { job, n, startAt, dice, lateRate }: Instance,
  run: string,
  at: number,
): { state: string; at: number } {
  const say = (kind: string, when: number, more: Record<string, unknown> = {}) => {
    const params =
      job.dated === null ? {} : { businessDate: dayOf(startAt, job.dated === "all" ? 0 : n) };
    const member = {
      job: { name: job.name, team: "team" },
      run: { id: run },
      kind,
      at: new Date(startAt + when).toISOString(),
      params: { ...params, ...(more["params"] as object) },
      ...without(more),
    };
    facts.push({ sendAt: when + sendDelay(dice, lateRate), contract: "native", member });
  };
  const usual = job.usualMs / Math.max(1, job.stages);
  if (dice.chance(0.3)) say("scheduled", at - dice.whole(0, 5 * MINUTE));
  say("started", at);
  let now = at;
  for (let stage = 0; stage < job.stages; stage += 1) {
    const name = { name: `stage-${stage}`, index: stage };
    say("started", now, { stage: name });
    const commits = dice.whole(0, 4);
    for (let commit = 1; commit <= commits; commit += 1) {
      now += Math.round((usual / (commits + 1)) * (0.5 + dice.whole(0, 100) / 100));
      const counters = { read: commit * 100, written: commit * 90 };
      say("progress", now, { stage: name, progress: { done: commit, total: commits }, counters });
    }
    now += Math.round(usual / (commits + 1));
    say("succeeded", now, { stage: name });
  }
  if (job.stages === 0) now += Math.round(usual * (0.5 + dice.whole(0, 100) / 100));
  const state = dice.pick([
    "failed",
    "failed",
    "stopped",
    ...Array.from({ length: 15 }, () => "succeeded"),
  ]);
  if (dice.chance(0.02)) return { state: "open", at: now };
  say(
    state,
    now,
    state === "failed" ? { message: `no file ${dice.whole(1, 9)}`, exitCode: 4 } : {},
  );
  if (dice.chance(lateRate)) {
    const later = now + dice.whole(HOUR, 9 * HOUR);
    say("log", later, { params: { note: `seen ${dice.whole(1, 99)}` } });
  }
  return { state, at: now };
}

function without(more: Record<string, unknown>): Record<string, unknown> {
  const { params: _params, ...rest } = more;
  return rest;
}

/** Most facts come at once, some late, a few very late. */
function sendDelay(dice: Dice, lateRate: number): number {
  if (dice.chance(lateRate)) return dice.whole(MINUTE, 5 * HOUR);
  return dice.chance(0.15) ? dice.whole(0, MINUTE) : dice.whole(0, 2_000);
}

/** Now and then several jobs of the source fail within two minutes: they share their cause. */
function planStorms(
  facts: PlannedFact[],
  source: number,
  startAt: number,
  { hours }: Scenario,
  dice: Dice,
): void {
  for (let storm = 0; storm < hours / 5; storm += 1) {
    const at = dice.whole(0, hours * HOUR);
    for (let n = 0; n < dice.whole(3, 5); n += 1) {
      const failedAt = at + dice.whole(0, 100) * 1_000;
      const sendAt = failedAt + sendDelay(dice, 0);
      const member = {
        job: { name: `storm-${source}-${n}`, team: "team" },
        run: { id: `storm-${source}.${storm}.${n}` },
        kind: "failed",
        at: new Date(startAt + failedAt).toISOString(),
        message: "no connection",
      };
      facts.push({ sendAt, contract: "native", member });
    }
  }
}

/** Runs of the last month, told in one go: history. */
function planBackfill(
  facts: PlannedFact[],
  source: number,
  startAt: number,
  { hours }: Scenario,
  dice: Dice,
): void {
  if (!dice.chance(0.5)) return;
  const sendAt = dice.whole(0, hours * HOUR);
  const name = dice.chance(0.5) ? `daily-${source}-0` : `old-${source}`;
  for (let n = 2; n < dice.whole(4, 20); n += 1) {
    const at = startAt - n * DAY;
    for (const [kind, when] of [
      ["started", at],
      ["succeeded", at + dice.whole(1, 60) * MINUTE],
    ] as const) {
      const member = {
        job: { name, team: "team" },
        run: { id: `${name}.old.${n}` },
        kind,
        at: new Date(when).toISOString(),
      };
      facts.push({ sendAt, contract: "native", member });
    }
  }
}

/** Statements about data sets, outside any run. */
function planNotes(
  facts: PlannedFact[],
  source: number,
  startAt: number,
  { hours }: Scenario,
  dice: Dice,
): void {
  for (let n = 0; n < hours / 3; n += 1) {
    const sendAt = dice.whole(0, hours * HOUR);
    const eventTime = new Date(startAt + sendAt).toISOString();
    const member = { eventTime, dataset: { namespace: `source-${source}`, name: `data ${n}` } };
    facts.push({ sendAt, contract: "openlineage", member });
  }
}

/** The business date of the n-th instance, where each has its own. */
function dayOf(startAt: number, n: number): string {
  return new Date(startAt + n * DAY).toISOString().slice(0, 10);
}
