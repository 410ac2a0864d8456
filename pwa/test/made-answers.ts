import type { Page } from "playwright-core";

/** Answers of a procedure, made from its input and from what the server itself answered, if it did. */
export type MadeAnswers = Readonly<Record<string, (input: Row, data: object | null) => object>>;
interface Row {
  readonly [field: string]: unknown;
}

/** Answers these procedures here, also where a page asks for several at once; `called` is told of each. */
export async function answerHere(
  page: Page,
  made: MadeAnswers,
  called: (path: string, input: Row) => void,
): Promise<void> {
  const pathsOf = (url: URL): readonly string[] =>
    url.pathname.startsWith("/trpc/") ? url.pathname.slice("/trpc/".length).split(",") : [];
  await page.route(
    (url) => pathsOf(url).some((path) => path in made),
    async (route) => {
      const request = route.request();
      const url = new URL(request.url());
      const text = request.postData() ?? url.searchParams.get("input") ?? "{}";
      const isBatch = url.searchParams.has("batch");
      const inputs = (isBatch ? JSON.parse(text) : { 0: JSON.parse(text) }) as Record<string, Row>;
      const paths = pathsOf(url);
      const isAllMade = paths.every((path) => path in made && path !== "dashboard.get");
      const answers = isAllMade
        ? []
        : ((await (await route.fetch()).json()) as { result?: { data: object } }[]);
      const results = paths.map((path, at) => {
        const answer = answers[at];
        const make = made[path];
        if (make === undefined) return answer;
        const input = inputs[String(at)] ?? {};
        called(path, input);
        return { result: { data: make(input, answer?.result?.data ?? null) } };
      });
      await route.fulfill({ json: isBatch ? results : results[0] });
    },
  );
}

const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();

const OTHER = { userId: "other", name: "Night Operator" };
const STILL = {
  code: "standing-still",
  stage: "load positions",
  lastCommitAt: ago(12),
  usualGapMs: 4_000,
  limitMs: 5 * MINUTE,
  limitOrigin: "LEARNED",
};

function incident(id: string, fields: Row): Row {
  return {
    incidentId: id,
    version: 1,
    teamId: "unassigned",
    state: "OPEN",
    severity: "HIGH",
    causeKind: "FAILED",
    jobId: `job-${id}`,
    jobName: `Job ${id}`,
    namespace: "bank",
    tier: 1,
    executionId: `run-${id}`,
    businessDate: "2026-11-11",
    stage: "load positions",
    message: null,
    evidence: [],
    since: ago(48),
    openedAt: ago(48),
    resolvedAt: null,
    resolution: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackUntil: null,
    snoozedUntil: null,
    backToBed: false,
    recovering: null,
    jobs: 1,
    next: null,
    untold: null,
    ...fields,
  };
}

/** One of each cause, with the longest words that there are. */
const INCIDENTS: readonly Row[] = [
  incident("pay", {
    jobName: "Payments end of day settlement extract of all desks and regions",
    severity: "CRITICAL",
    message: "Settlement file missing: /data/in/settlement/2026/11/11/settle_20261111_0214.csv",
    jobs: 3,
    next: { at: new Date(Date.now() + 5 * MINUTE).toISOString(), who: "Night Operator" },
  }),
  incident("gl", { jobName: "GL extract", causeKind: "STALLED", evidence: [STILL] }),
  incident("late", { jobName: "Ledger load", causeKind: "MISSED", untold: "source-watching" }),
  incident("blind", { jobId: null, jobName: "core-banking", causeKind: "SOURCE_SILENT" }),
  incident("rec", {
    jobName: "Collateral snapshot",
    state: "RECOVERING",
    acknowledgedBy: OTHER,
    acknowledgedAt: ago(20),
    recovering: { executionId: "again", attempt: 2, startedAt: ago(9) },
  }),
];

const delivery = (id: string, fields: Row): Row => ({
  notificationId: id,
  incidentId: "pay",
  kind: "page",
  channel: "webpush",
  receiver: "Duty Operator",
  title: "FAILED Payments end of day",
  state: "SENT",
  createdAt: ago(47),
  attempts: 1,
  nextAttemptAt: null,
  sentAt: ago(47),
  shownAt: null,
  seenAt: null,
  lastError: null,
  ...fields,
});
const DEAD = delivery("d2", {
  channel: "webhook",
  receiver: "operations-bridge",
  state: "DEAD",
  sentAt: null,
  attempts: 8,
  lastError: "502 Bad Gateway from https://bridge.operations.example/hooks/batch",
});

function view(incidentId: unknown): object {
  const row = INCIDENTS.find((each) => each["incidentId"] === incidentId) ?? {};
  const member = {
    alertId: "a1",
    rule: "failed",
    firing: true,
    since: ago(48),
    jobId: "job-pay",
    jobName: "Payments end of day settlement extract of all desks and regions",
    teamId: "unassigned",
    executionId: "run-pay",
    attempt: 1,
    message: null,
  };
  return {
    ...row,
    members: [member, { ...member, alertId: "a2", rule: "missed", firing: false }],
    membersNotShown: 1,
    events: [
      { eventId: "1", at: ago(48), kind: "opened", by: null, text: null },
      { eventId: "2", at: ago(30), kind: "commented", by: "Night Operator", text: "Asked them." },
    ],
    deliveries: [delivery("d1", { seenAt: ago(46) }), DEAD],
    waiting: [{ jobId: "w", name: "SEPA out" }],
    foreignMembers: [],
    foreignWaiting: [],
    isForeign: false,
    runbookUrl: "https://wiki.example/payments",
    firstStep: "Ask the clearing desk for the settlement file, then restart.",
    recoveryRecipe: null,
    sourceName: "core-batch",
    lastGoodRun: {
      executionId: "good",
      endedAt: ago(1_440),
      differences: [
        { field: "rowsRead", name: null, before: 41_203, now: 0 },
        {
          field: "param",
          name: "settlement.file",
          before: "/data/in/settlement/2026/11/10/settle_20261110_0214.csv",
          now: "/data/in/settlement/2026/11/11/settle_20261111_0214.csv",
        },
      ],
    },
    before: [
      {
        incidentId: "old",
        openedAt: ago(9_000),
        resolvedAt: ago(8_966),
        durationMs: 34 * MINUTE,
        by: "Night Operator",
        note: "The file came late from clearing.",
      },
    ],
    mergedInto: null,
    resolvedBy: null,
    resolutionReason: null,
    snoozeUntilMost: new Date(Date.now() + 45 * MINUTE).toISOString(),
  };
}

/** A night with incidents, on the board of the real server. */
export const NIGHT: MadeAnswers = {
  "dashboard.get": (_input, data) => ({
    ...data,
    incidents: INCIDENTS.map((row) => ({
      ...row,
      kind: "incident",
      key: `incident:${String(row["incidentId"])}`,
    })),
  }),
  "incidents.get": ({ incidentId }) => view(incidentId),
  "incidents.list": () => ({
    items: [incident("old", { state: "RESOLVED", resolution: "cleared", resolvedAt: ago(10) })],
    nextCursor: null,
  }),
  "incidents.acknowledge": ({ commandId, incidentId }) => ({
    commandId,
    outcome: incidentId === "gl" ? "someone-has-it" : "done",
    incidentId,
    state: "ACKNOWLEDGED",
    version: 2,
    acknowledgedBy: incidentId === "gl" ? OTHER : null,
    acknowledgedAt: ago(1),
    resolvedAt: null,
  }),
  "incidents.unacknowledge": ({ commandId, incidentId }) => ({
    commandId,
    outcome: "done",
    incidentId,
    state: "OPEN",
    version: 3,
    acknowledgedBy: null,
    acknowledgedAt: null,
    resolvedAt: null,
  }),
  "sources.list": () => ({
    items: [
      {
        sourceId: "s",
        name: "core-banking-batch-of-the-northern-region",
        contract: "spring-batch",
        environment: "PROD",
        pagingMode: "WATCHING",
        lastSeenAt: ago(1),
      },
    ],
  }),
  "oncall.now": () => ({
    items: [
      {
        teamId: "lending",
        teamName: "Lending",
        origin: "SET",
        people: [
          { userId: "u1", name: "Duty Operator", devices: 2 },
          { userId: "u2", name: "Night Operator", devices: 0 },
        ],
      },
    ],
  }),
  "deliveries.list": () => ({ items: [DEAD], nextCursor: null }),
};
