import type { Reading } from "../figure.ts";

export interface ScenarioContext {
  readonly seed: number;
  /** Seconds of each sustained load. */
  readonly seconds: number;
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
  /** Measures once; the runner repeats it. */
  run(this: void, context: ScenarioContext): Promise<Measured>;
}
