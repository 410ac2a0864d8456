import type { Figure } from "./figure.ts";
import type { Machine } from "./machine.ts";

/** What `bench/results/<scenario>.json` holds. */
export interface BenchResult {
  readonly scenario: string;
  /** "none" before the first commit or without git. */
  readonly commit: string;
  /** ISO 8601 UTC. */
  readonly date: string;
  readonly machine: Machine;
  readonly seed: number;
  readonly runs: number;
  readonly figures: readonly Figure[];
  /** Floors and other programs, measured in the same run. */
  readonly peers: readonly Figure[];
}
