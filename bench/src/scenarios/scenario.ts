import type { Reading } from "../figure.ts";

export interface ScenarioContext {
  readonly seed: number;
  /** Seconds of each sustained load. */
  readonly seconds: number;
  /** Whether to run the long form, where there is one. */
  readonly long: boolean;
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
