import { commitId } from "./commit.ts";
import { figuresOf } from "./figure.ts";
import { thisMachine } from "./machine.ts";
import type { BenchResult } from "./result.ts";
import type { Measured, Scenario, ScenarioContext } from "./scenarios/scenario.ts";

/** Repeats a scenario and puts its figures together. */
export async function runScenario(
  scenario: Scenario,
  runs: number,
  context: ScenarioContext,
): Promise<BenchResult> {
  const measured: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    if (runs > 1) context.say(`run ${run} of ${runs}`);
    measured.push(await scenario.run(context));
  }
  return {
    scenario: scenario.name,
    commit: await commitId(),
    date: new Date().toISOString(),
    machine: thisMachine(),
    seed: context.seed,
    runs,
    figures: figuresOf(measured.map((one) => one.figures)),
    peers: figuresOf(measured.map((one) => one.peers)),
  };
}
