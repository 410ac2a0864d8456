import type { Evidence } from "./evidence.ts";

/** Rules that are built in and on by default. Each holds for one run, one expected start, or one source. */
export const RULES = ["failed", "missed", "stalled", "source-silent"] as const;
export type RuleName = (typeof RULES)[number];

/** What a person needs to know of an alert, as it was when it was said; everything in it is masked. */
export interface AlertCard {
  /** Null where the alert is about a source. */
  readonly jobId: string | null;
  readonly jobName: string;
  readonly namespace: string;
  readonly sourceId: string;
  readonly teamId: string;
  readonly tier: number;
  /** Null for an expected start that nobody took, and for a source. */
  readonly executionId: string | null;
  readonly runKey: string | null;
  /** Attempts of one instance share it. */
  readonly instanceKey: string;
  readonly attempt: number;
  readonly parentExecutionId: string | null;
  readonly businessDate: string | null;
  readonly stage: string | null;
  /** What a person may do first, and where more is written; set on the job. */
  readonly firstStep: string | null;
  readonly runbookUrl: string | null;
  /** The job's own words, at most 200 characters; null when it said nothing. */
  readonly message: string | null;
  readonly evidence: readonly Evidence[];
  /** A later attempt of the same instance that is under way. */
  readonly recovering: RecoveringAttempt | null;
}

export interface RecoveringAttempt {
  readonly executionId: string;
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The run budget that is set on the job, ms; absent: none is. A learned one would make the card depend on when it was said. */
  readonly budgetMs?: number;
}

/**
 * What a job says of one (rule, subject): a level, never an edge. Saying the same again changes nothing.
 * What is not known (a blind source) is not said: the last word stands.
 */
export type AlertLevel =
  | {
      readonly rule: RuleName;
      /** Execution id of the run, id of the expected start, or `source:<id>`. */
      readonly subject: string;
      readonly holds: true;
      /** Since when, epoch milliseconds. */
      readonly since: number;
      readonly card: AlertCard;
    }
  | {
      readonly rule: RuleName;
      readonly subject: string;
      readonly holds: false;
      /** When it ceased to hold, epoch milliseconds. */
      readonly since: number;
      readonly ending: AlertEnding;
    };

/** `retracted`: later facts say that it never was so. `retired`: nothing is expected of the job any more. */
export type AlertEnding = "cleared" | "retracted" | "retired";

/** Why nobody was told of an alert; exactly one is kept with it [I5]. */
const UNTOLD_REASONS = [
  "alerts-off",
  "not-production",
  "source-watching",
  "low-tier",
  "consequence",
  "same-incident",
  "ended-before",
  "nobody-to-tell",
  "not-delivered",
] as const;
export type UntoldReason = (typeof UNTOLD_REASONS)[number];

/** One row per (rule, subject), as the store keeps it. */
export interface Alert {
  /** `alertIdOf(rule, subject)`. */
  readonly alertId: string;
  readonly rule: RuleName;
  readonly subject: string;
  readonly firing: boolean;
  /** When it began to hold the last time, epoch milliseconds. */
  readonly since: number;
  /** When it ceased to hold; null while it holds. */
  readonly endedAt: number | null;
  readonly ending: AlertEnding | null;
  /** How often it began to hold. */
  readonly openings: number;
  /** Grows with every change. */
  readonly version: number;
  /** The newest version that an incident has taken in; 0: none yet. */
  readonly handledVersion: number;
  readonly incidentId: string | null;
  readonly reason: UntoldReason | null;
  readonly card: AlertCard;
}
