/** A board on which every state stands, made of a real answer of `dashboard.get`. */

interface Row {
  readonly [field: string]: unknown;
}
interface Board {
  readonly activeJobs?: readonly Row[];
}

const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();

export function boardWithEveryState(data: object): object {
  const [model] = (data as Board).activeJobs ?? [];
  if (model === undefined) throw new Error("The board has no row to make the others of.");
  const row = (jobName: string, state: string, fields: Row = {}): Row => ({
    ...model,
    key: `run:${jobName}`,
    executionId: jobName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    jobId: jobName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    jobName,
    state,
    startedAt: ago(40),
    lastFactAt: ago(0.5),
    stage: "load positions",
    usualDurationMs: 25 * MINUTE,
    evidence: [],
    ...fields,
  });
  const activeJobs = [
    row("FX rates", "running", { progress: { done: 62, total: 100, unit: null } }),
    row("Collateral snapshot of all desks and regions", "running", {
      startedAt: ago(190),
      evidence: [overBudget],
      progress: { done: 1_204_000, total: null, unit: "rows" },
    }),
    row("Payments end of day settlement extract", "recovering", {
      attempt: 2,
      evidence: [
        { code: "new-attempt", attempt: 2, earlierExecutionId: "e1", earlierState: "failed" },
      ],
    }),
    row("GL extract", "stalled", { lastFactAt: ago(12), evidence: [standingStill()] }),
    row("Ledger load", "late", { ...unbegun, evidence: [notStarted(false)] }),
    row("Regulatory reporting liquidity coverage", "late", {
      ...unbegun,
      occurrence: false,
      evidence: [notStarted(true)],
    }),
    row("Card clearing", "unknown", { evidence: [blind], lastFactAt: ago(30) }),
    row("Archive", "unknown", {
      evidence: [{ code: "silent", lastFactAt: ago(90) }],
      lastFactAt: ago(90),
    }),
    row("Limits recalculation", "running", { progress: { done: 12, total: 100, unit: null } }),
  ];
  const failed = row("Settlement import", "failed", {
    endedAt: ago(48),
    durationMs: 9 * MINUTE,
    message: "Settlement file missing",
  });
  const recentCompletions = [
    failed,
    row("Interest accrual", "succeeded", {
      endedAt: ago(5),
      durationMs: 2_000,
      evidence: [
        { code: "too-short", minimumMs: 375_000, minimumOrigin: "LEARNED", usualMs: 25 * MINUTE },
      ],
    }),
    row("Statement print", "stopped", { endedAt: ago(20), durationMs: 8 * MINUTE }),
  ];
  const alerts = [
    failed,
    ...activeJobs.filter(({ state }) => state === "stalled" || state === "late"),
  ];
  return { ...data, activeJobs, alerts, recentCompletions };
}

export function stalledRun(data: object): object {
  return {
    ...data,
    state: "stalled",
    host: "batch-07",
    evidence: [standingStill(), overBudget],
    audit: [
      {
        kind: "stalled",
        stage: null,
        occurredAt: ago(7),
        receivedAt: ago(6.99),
        source: "browser-jobs",
        contract: "clock",
      },
      ...(data as { readonly audit: readonly Row[] }).audit,
    ],
  };
}

export function proposedJob(data: object): object {
  const proposal = {
    expression: "0 2 * * 1-5",
    zone: "Europe/Berlin",
    workdays: [1, 2, 3, 4, 5],
    confidence: 1,
    matched: 14,
    of: 14,
    fromNominal: false,
  };
  return { ...data, cadence: "DAILY", proposal };
}

const unbegun: Row = {
  startedAt: null,
  stage: null,
  progress: null,
  occurrence: true,
  nominalAt: ago(25),
};
const overBudget: Row = {
  code: "over-budget",
  budgetMs: 50 * MINUTE,
  budgetOrigin: "LEARNED",
  usualMs: 25 * MINUTE,
};
const blind: Row = { code: "blind", reason: "SOURCE_SILENT", from: ago(30), until: null };

function standingStill(): Row {
  return {
    code: "standing-still",
    stage: "load positions",
    lastCommitAt: ago(12),
    usualGapMs: 4_000,
    limitMs: 5 * MINUTE,
    limitOrigin: "DEFAULT",
  };
}

function notStarted(announced: boolean): Row {
  return {
    code: "not-started",
    expectedAt: ago(25),
    graceMs: 10 * MINUTE,
    graceOrigin: "DEFAULT",
    announced,
  };
}
