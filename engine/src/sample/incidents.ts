/** What goes wrong in the sample night. Times are milliseconds at the bank's own speed. */
export const INCIDENTS = {
  /** Fails in its second stage; a second attempt of the same business date starts later and succeeds. */
  recovered: {
    job: "settlement-file-import",
    failedStage: 1,
    failedAtRatio: 0.6,
    retryAfterMs: 840_000,
    exitCode: "FAILED",
    message:
      "Line 48213 refused: card 4111 1111 1111 1111 is not in the card register, notify cardholder@example.com (reference SFI-204)",
  },
  /** The commits of one stage stop for a while, then go on. */
  stalled: { job: "exposure-aggregation", stage: 2, afterRatio: 0.4, forMs: 1_500_000 },
  lateStart: { job: "card-statement-print", byMs: 2_400_000 },
  /** Fails for good. Its dependents are held: all but one start late on the values of the day before, one is stopped. */
  cascade: {
    job: "collateral-revaluation",
    failedStage: 1,
    failedAtRatio: 0.35,
    exitCode: "ORA-00060",
    message: "Deadlock detected while waiting for resource, table COLLATERAL_VALUE, step revalue",
    heldForMs: 4_500_000,
    heldApartMs: 360_000,
    stopped: "collateral-report",
    stopMessage:
      "Stopped before its start: the collateral values of this business date are missing",
    heldMessage: "Started with the collateral values of the day before",
  },
  /** Succeeds, but with hardly any rows. */
  fewRows: { job: "branch-sales-feed", ratio: 0.03, durationRatio: 0.55 },
} as const;

/** Jobs whose usual duration moved over the last nights: the new level relative to the old. */
export const DRIFTS: Readonly<Record<string, number>> = {
  "gl-extract": 1.09,
  "reward-points": 0.86,
};
