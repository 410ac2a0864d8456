import { BenchError } from "../bench-error.ts";
import { ContenderChild } from "../core/contender-child.ts";
import type { ContenderName } from "../core/contenders.ts";
import { RoundJournal } from "../core/round-journal.ts";
import type { Reading } from "../figure.ts";
import type { Form, Measured, Scenario, ScenarioContext } from "./scenario.ts";

/** Both whole requests of the record stream; a round has several facts of each job. */
interface Size {
  readonly jobs: number;
  readonly factsPerRound: number;
}

const USUAL: Size = { jobs: 10_000, factsPerRound: 100_000 };
const SIZES: Readonly<Record<Form, Size>> = {
  usual: USUAL,
  long: USUAL,
  smoke: { jobs: 500, factsPerRound: 5_000 },
};
/** Before they count: every job has started its first run, and the code is compiled. */
const WARM_UP_ROUNDS = 2;
const ROUNDS_MIN = 2;
const BAR = 2_000_000;

const OURS: Readonly<Partial<Record<ContenderName, { name: string; bar?: number }>>> = {
  shard: { name: "shard, journal records to state and rows", bar: BAR },
  "shard-saving": { name: "shard, every save answered at once" },
  actors: { name: "job actors, decoded facts to state", bar: BAR },
};
const PEERS: Readonly<Partial<Record<ContenderName, { name: string; ratioBar?: number }>>> = {
  map: { name: "map and loop" },
  nact: { name: "nact", ratioBar: 5 },
  "xstate-machine": { name: "xstate, machine", ratioBar: 3 },
  "xstate-reducer": { name: "xstate, fromTransition", ratioBar: 3 },
};
const NAMES = [...Object.keys(OURS), ...Object.keys(PEERS)] as ContenderName[];

/** All of them must have come to the same, or their times say nothing. */
async function checkOutcomes(children: readonly ContenderChild[]): Promise<void> {
  const digests = new Map<string, string[]>();
  for (const child of children) {
    const { digest, facts } = await child.outcome();
    const key = `${digest.slice(0, 12)} after ${facts} facts`;
    digests.set(key, [...(digests.get(key) ?? []), child.name]);
  }
  if (digests.size > 1) {
    const told = [...digests].map(([digest, names]) => `${names.join(", ")}: ${digest}`);
    throw new BenchError("wrong", `The outcomes differ. ${told.join("; ")}`);
  }
}

function readingsOf(children: readonly ContenderChild[]): Measured {
  const rates = new Map(children.map((child) => [child.name, child.factsPerSecond]));
  const rateOf = (name: string): number => rates.get(name) ?? Number.NaN;
  const rate = { unit: "facts/s", better: "higher" } as const;
  const figures: Reading[] = [];
  const peers: Reading[] = [];
  for (const [key, { name, bar }] of Object.entries(OURS)) {
    figures.push({ name, value: rateOf(key), ...(bar === undefined ? {} : { bar }), ...rate });
  }
  for (const [key, { name, ratioBar }] of Object.entries(PEERS)) {
    peers.push({ name, value: rateOf(key), ...rate });
    figures.push({
      name: `job actors of ${name}`,
      unit: "ratio",
      value: rateOf("actors") / rateOf(key),
      ...(ratioBar === undefined ? {} : { bar: ratioBar }),
      better: "higher",
    });
  }
  return { figures, peers };
}

async function run({ seconds, form, say }: ScenarioContext): Promise<Measured> {
  const { jobs, factsPerRound } = SIZES[form];
  const journal = await RoundJournal.make(jobs, Date.now());
  const children: ContenderChild[] = [];
  try {
    for (const name of NAMES) {
      children.push(await ContenderChild.start({ name, journalPath: journal.path }));
    }
    say(`${children.length} contenders in turn, ${factsPerRound} facts a round: ${seconds} s`);
    let measuringSince = 0;
    for (let round = 0; ; round++) {
      if (round === WARM_UP_ROUNDS) measuringSince = performance.now();
      const counted = round >= WARM_UP_ROUNDS;
      journal.add(factsPerRound);
      for (const child of children) await child.round(factsPerRound, counted);
      const enough = round + 1 >= WARM_UP_ROUNDS + ROUNDS_MIN;
      if (enough && performance.now() - measuringSince >= seconds * 1_000) break;
    }
    const measured = readingsOf(children);
    journal.add(jobs);
    await checkOutcomes(children);
    return measured;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await journal.remove();
  }
}

export const engineCore: Scenario = {
  name: "engine-core",
  what: "normalised facts → job state in one shard, 10,000 jobs, 1 % transitions; the same in nact, xstate and a plain map",
  why: "every fact goes through it, and after a crash all unsaved ones at once",
  run,
};
