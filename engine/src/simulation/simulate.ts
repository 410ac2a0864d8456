import type { Fault, Scenario } from "./scenario.ts";
import { Simulation } from "./simulation.ts";
import { Violation } from "./violation.ts";
import type { Parts } from "./world.ts";

export interface Verdict {
  readonly seed: number;
  /** Null when every invariant held. */
  readonly violation: { readonly invariant: string; readonly message: string } | null;
  /** The last steps before the violation. */
  readonly trace: readonly string[];
  readonly facts: number;
  readonly steps: number;
  readonly quietChecks: number;
  readonly faults: Readonly<Record<Fault, number>>;
}

/**
 * Runs the engine through the traffic and the faults of one seed. The same seed and scenario give the same
 * steps on every machine: time, chance, journal and store are all simulated, the engine is the real one.
 */
export async function simulate(
  seed: number,
  scenario: Scenario,
  parts: Parts = {},
): Promise<Verdict> {
  const simulation = new Simulation(seed, scenario, parts);
  let violation: Verdict["violation"] = null;
  try {
    await simulation.run();
  } catch (error) {
    violation =
      error instanceof Violation
        ? { invariant: error.invariant, message: error.message }
        : {
            invariant: "defect",
            message: error instanceof Error ? (error.stack ?? "") : String(error),
          };
  }
  const { world, faults, quietChecks } = simulation;
  return {
    seed,
    violation,
    trace: violation === null ? [] : world.trace,
    facts: world.ledger.facts.length,
    steps: world.steps,
    quietChecks,
    faults: faults.struck,
  };
}
