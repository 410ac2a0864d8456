import type { Reading } from "../figure.ts";

/** How much a scenario does: what is claimed, more of it, or just enough to see that it still comes to its end. */
export type Form = "usual" | "long" | "smoke";

export interface ScenarioContext {
  readonly seed: number;
  /** Seconds of each sustained load. */
  readonly seconds: number;
  /** Scenarios without a long form do the usual one. */
  readonly form: Form;
  /** One line about what is under way. */
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly figures: readonly Reading[];
  readonly peers: readonly Reading[];
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  readonly why: string;
  /** What `--long` changes; absent where it changes nothing. */
  readonly long?: string;
  /** Measures once; the runner repeats it. */
  run(this: void, context: ScenarioContext): Promise<Measured>;
}
