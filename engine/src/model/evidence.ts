import type { BlindReason } from "./blind-interval.ts";
import type { RunState } from "./run.ts";

/** Where a limit comes from: a person set it, the job's past, or the default of its cadence. */
export type LimitOrigin = "SET" | "LEARNED" | "DEFAULT";

/**
 * Why a run is shown as it is: codes and figures, the page has the words.
 * Times are ISO 8601 UTC with milliseconds; durations end in `Ms`.
 */
export type Evidence =
  /** late: it should have begun. `announced`: the source itself said when; else the schedule did. */
  | {
      readonly code: "not-started";
      readonly expectedAt: string;
      readonly graceMs: number;
      readonly graceOrigin: LimitOrigin;
      readonly announced: boolean;
    }
  /** stalled: no commit for longer than this stage's own rhythm allows. */
  | {
      readonly code: "standing-still";
      readonly stage: string | null;
      readonly lastCommitAt: string;
      readonly usualGapMs: number | null;
      readonly limitMs: number;
      readonly limitOrigin: LimitOrigin;
    }
  /** It still runs, longer than it may. */
  | {
      readonly code: "over-budget";
      readonly budgetMs: number;
      readonly budgetOrigin: LimitOrigin;
      readonly usualMs: number | null;
    }
  /** It succeeded in suspiciously little time. */
  | {
      readonly code: "too-short";
      readonly minimumMs: number;
      readonly minimumOrigin: LimitOrigin;
      readonly usualMs: number | null;
    }
  /** unknown: nothing was heard for long and no clock is left that could judge. */
  | { readonly code: "silent"; readonly lastFactAt: string }
  /** unknown: a deadline passed while facts may have been missing. */
  | {
      readonly code: "blind";
      readonly reason: BlindReason;
      readonly from: string;
      readonly until: string | null;
    }
  /** recovering: an earlier attempt of the same instance ended badly. */
  | {
      readonly code: "new-attempt";
      readonly attempt: number;
      readonly earlierExecutionId: string;
      readonly earlierState: RunState;
    }
  /** unknown: the engine cannot follow this job; its facts are kept. */
  | { readonly code: "quarantined"; readonly reason: string };
