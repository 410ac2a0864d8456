import type { MadeAnswers } from "./made-answers.ts";

const MINUTE = 60_000;
const at = (minutes: number): string => new Date(Date.now() + minutes * MINUTE).toISOString();

/** With the longest words that there are. */
const JOB = "Payments end of day settlement extract of all desks and regions";
const LEAD = "Night Operator of the northern region";

const request = (id: string, fields: object = {}): object => ({
  requestId: id,
  kind: "job-configure",
  subjectKind: "job",
  subjectId: `job-${id}`,
  subjectName: JOB,
  teamId: "unassigned",
  differences: [
    { field: "clocks.startGraceMs", before: "600000", after: "2700000" },
    { field: "schedule", before: null, after: "0 2 * * 1-5 Europe/Berlin, calendar TARGET, moved" },
    { field: "firstStep", before: "Ask the clearing desk.", after: null },
    {
      field: "runbookUrl",
      before: null,
      after: "https://wiki.operations.example/runbooks/payments/settlement_extract_of_all_desks",
    },
  ],
  reason: "It begins later since the move to the new data centre, and paged for nothing all week.",
  hash: "a1b2c3d4e5f6".padEnd(64, "0"),
  requestedBy: LEAD,
  requestedById: "other",
  requestedAt: at(-40),
  expiresAt: at(9_000),
  state: "WAITING",
  mode: "two-people",
  decidedBy: null,
  decidedAt: null,
  decisionNote: null,
  revertsAt: null,
  revertedBy: null,
  may: { approve: true, reject: true, withdraw: false, revert: false, collect: false },
  whyNot: null,
  approvers: ["Duty Operator", "Second Operator"],
  ...fields,
});

const NOTHING = { approve: false, reject: false, withdraw: false, revert: false, collect: false };
const REQUESTS: readonly Record<string, unknown>[] = [
  request("a"),
  request("b", {
    kind: "user-add",
    subjectKind: "user",
    subjectName: "Second Operator",
    differences: [
      { field: "name", before: null, after: "Second Operator" },
      { field: "role", before: null, after: "team-lead" },
    ],
    may: { ...NOTHING, withdraw: true },
    requestedBy: "operations",
    whyNot: "You proposed this, so someone else must approve it.",
  }),
  request("c", {
    state: "APPLIED",
    mode: "break-glass",
    revertsAt: at(100),
    subjectName: "GL extract",
    reason: "The vendor is slow tonight.",
  }),
  request("d", {
    state: "REJECTED",
    decidedBy: "Second Operator",
    decidedAt: at(-10),
    decisionNote: "Not before month-end: the auditors look at these hours.",
    may: NOTHING,
  }),
].map((one) => one as Record<string, unknown>);

const record = (seq: number, fields: object): object => ({
  seq,
  at: at(-seq),
  who: LEAD,
  actorId: "other",
  action: "incident-command",
  subjectKind: "incident",
  subjectId: "pay",
  subjectName: JOB,
  teamId: "unassigned",
  detail: { command: "acknowledge", outcome: "done" },
  ...fields,
});

const device = (fields: object): object => ({
  subscriptionId: "s1",
  label: "Samsung Internet on Android",
  isPrivate: false,
  createdAt: at(-60_000),
  lastSentAt: at(-500),
  lastShownAt: at(-500),
  trouble: null,
  endpointHash: "h",
  ...fields,
});

/** Everything about trust that the server could say, on the frames of the real one. */
export const TRUST: MadeAnswers = {
  "approvals.state": () => ({ setupUntil: null, waiting: 2, breakGlass: 1 }),
  "approvals.list": ({ filter }) => {
    const { states } = filter as { states: readonly unknown[] };
    return { items: REQUESTS.filter(({ state }) => states.includes(state)), nextCursor: null };
  },
  "approvals.get": ({ requestId }) =>
    REQUESTS.find((one) => one["requestId"] === requestId) ?? request("a"),
  "audit.list": () => ({
    items: [
      record(1, {}),
      record(2, { action: "break-glass", subjectKind: "change-request", subjectId: "c" }),
      record(3, {
        action: "sign-in-refused",
        who: "Somebody unknown",
        actorId: "unknown",
        subjectKind: null,
        subjectId: null,
        subjectName: null,
        teamId: null,
        detail: { method: "password", why: "too_many_attempts" },
      }),
      record(4, { action: "run-viewed", subjectKind: "run", subjectId: "run-pay" }),
      record(5, { action: "data-erased", who: "Former user 3f9a", subjectName: null }),
    ],
    nextCursor: "more",
  }),
  "audit.verify": () => ({
    at: at(0),
    intact: false,
    complete: true,
    records: 120_481,
    brokenAt: 17,
    finding: "record 17 was changed",
    headSeq: 120_480,
    headAt: at(-4),
  }),
  "users.list": () => ({
    items: [
      {
        userId: "other",
        name: LEAD,
        role: "team-lead",
        teamIds: ["lending", "payments", "cards"],
        lastSignInAt: at(-90),
      },
      { userId: "u3", name: "wall-3", role: "display", teamIds: [], lastSignInAt: null },
    ],
    nextCursor: null,
  }),
  "me.sessions": () => ({
    items: [
      {
        sessionId: "s1",
        label: "Chrome on Linux",
        method: "code",
        createdAt: at(-30),
        lastUsedAt: at(-1),
        expiresAt: at(700),
        isThis: true,
      },
      {
        sessionId: "s2",
        label: "Samsung Internet on Android",
        method: "password",
        createdAt: at(-300),
        lastUsedAt: at(-12),
        expiresAt: at(400),
        isThis: false,
      },
    ],
  }),
  "me.hasPassword": () => ({ hasPassword: true }),
  "me.devices": () => ({
    items: [
      {
        deviceId: "d1",
        userId: "me",
        label: "Samsung Internet on Android",
        pairedAt: Date.now(),
        lastUsedAt: Date.now() - 3 * MINUTE,
        goodUntil: Date.now() + 300 * MINUTE,
      },
    ],
  }),
  "push.devices": () => [device({})],
  "retention.list": () => ({
    items: [
      { what: "audit", days: 2_556, setBy: "host" },
      { what: "incidents", days: 2_556, setBy: "host" },
      { what: "notifications", days: 365, setBy: "approved-change" },
      { what: "runs", days: 90, setBy: "host" },
    ],
  }),
  "sources.get": ({ sourceId }) => ({
    sourceId,
    name: "core-banking-batch-of-the-northern-region",
    contract: "openlineage",
    environment: "PROD",
    pagingMode: "PAGING",
    lastSeenAt: at(-1),
    zone: "Europe/Berlin",
    newDayTime: "06:00",
    businessDateParams: ["businessDate", "asOfDate", "cobDate"],
    teamId: null,
    recoveryRecipe: null,
    createdAt: at(-90_000),
    rejected: [
      {
        at: at(-3),
        contract: "openlineage",
        code: "invalid_time",
        message: "eventTime: is no time with a zone; give for example 2026-11-11T02:14:00Z.",
        excerpt: '{"eventTime":"11.11.2026 02:14","eventType":"COMPLETE","run":{"runId":"…"}}',
      },
    ],
    masked: [
      { day: "2026-11-25", kind: "card", hidden: 12, kept: 0 },
      { day: "2026-11-25", kind: "account", hidden: 41_203, kept: 1_204 },
    ],
    maskingExceptions: [{ field: "settlement.account", kinds: ["account", "iban"] }],
  }),
};
