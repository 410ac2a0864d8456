import { expect, test } from "vitest";
import { incidentRow } from "../live/test-rows.ts";
import {
  attemptWords,
  causeSentence,
  holderSentences,
  incidentFacts,
  incidentMark,
} from "./incident-words.ts";

const local = (hour: number, minute: number): string =>
  new Date(2026, 10, 11, hour, minute).toISOString();
const now = Date.parse(local(3, 2));
const ME = { userId: "me", name: "Duty Operator" };
const OTHER = { userId: "other", name: "Night Operator" };
const said = (fields: Parameters<typeof incidentRow>[1]): string =>
  holderSentences(incidentRow("i", fields), ME, now).join(" ");

test("who has it, until when, and whom it goes to next", () => {
  const next = { at: local(3, 7), who: "Night Operator" };
  expect(said({ next })).toBe("Nobody has it. Next: Night Operator, 03:07.");
  expect(said({ next: { at: local(3, 3), who: "Duty Operator" } })).toBe(
    "Nobody has it. Next: you again, 03:03.",
  );
  expect(said({ acknowledgedBy: ME, ackUntil: local(4, 2), next })).toBe(
    "You have it until 04:02.",
  );
  expect(said({ acknowledgedBy: OTHER, acknowledgedAt: local(2, 59) })).toBe(
    "Night Operator has it since 02:59.",
  );
});

test("why nobody was told is said in words", () => {
  expect(said({ untold: "source-watching" })).toBe(
    "Nobody was told: its source is only watched, paging was not started.",
  );
});

test("a snooze that is over is not spoken of; back to bed says what still wakes", () => {
  expect(said({ snoozedUntil: local(3, 30) })).toBe("Nobody has it. Snoozed until 03:30.");
  expect(said({ snoozedUntil: local(3, 0) })).toBe("Nobody has it.");
  expect(said({ acknowledgedBy: ME, backToBed: true, ackUntil: local(5, 0) })).toBe(
    "You have it. Woken only if the new attempt fails or stalls, or is not over by 05:00.",
  );
  expect(said({ state: "RESOLVED", resolvedAt: local(3, 1), acknowledgedBy: ME })).toBe(
    "It ended 03:01.",
  );
});

test("the mark is the cause while it is open, and how it ended after that", () => {
  const word = (fields: Parameters<typeof incidentRow>[1]): string =>
    incidentMark(incidentRow("i", fields)).word;
  expect(word({ causeKind: "MISSED", state: "ACKNOWLEDGED" })).toBe("NOT STARTED");
  expect(word({ causeKind: "MISSED", state: "RECOVERING" })).toBe("RECOVERING");
  expect(word({ state: "RESOLVED", resolution: "cleared" })).toBe("RECOVERED");
  expect(word({ state: "RESOLVED", resolution: "retracted" })).toBe("RETRACTED");
  expect(word({ state: "RESOLVED", resolution: "person" })).toBe("RESOLVED");
});

test("the cause comes from the evidence, or from the job's own words", () => {
  const cause = (fields: Parameters<typeof incidentRow>[1]): string =>
    causeSentence(incidentRow("i", fields), now);
  expect(cause({ message: "Settlement file missing" })).toBe("Settlement file missing");
  expect(cause({ message: null })).toBe("It failed. No reason is given.");
  const still = {
    code: "standing-still",
    stage: "load",
    lastCommitAt: local(2, 41),
    usualGapMs: 4_000,
    limitMs: 300_000,
    limitOrigin: "LEARNED",
  } as const;
  expect(cause({ causeKind: "STALLED", evidence: [still] })).toBe(
    "No commit since 02:41, usual gap 4 s. The process may be dead.",
  );
  expect(cause({ causeKind: "STALLED", evidence: [{ ...still, usualGapMs: null }] })).toBe(
    "No sign of life since 02:41. The process may be dead.",
  );
  const late = {
    code: "not-started",
    expectedAt: local(2, 0),
    graceMs: 900_000,
    graceOrigin: "SET",
    announced: false,
  } as const;
  expect(cause({ causeKind: "MISSED", evidence: [late] })).toBe(
    "Due 02:00, grace over 02:15. It has not started.",
  );
  expect(cause({ causeKind: "SOURCE_SILENT", since: local(2, 14) })).toBe(
    "No data since 02:14. Its runs are unknown, not failed.",
  );
  expect(cause({ causeKind: "SHARED_SOURCE", jobs: 40, message: "Disk full" })).toBe(
    "40 jobs of one source went wrong together. Disk full",
  );
});

test("facts and the new attempt", () => {
  const row = incidentRow("i", { jobs: 3, businessDate: "2026-11-11", severity: "CRITICAL" });
  expect(incidentFacts(row)).toBe("Critical · 3 jobs · 11 Nov");
  const recovering = { executionId: "e2", attempt: 2, startedAt: local(2, 21) };
  expect(attemptWords(recovering, "stage 3, load, 62 %", now)).toBe(
    "Attempt 2 since 02:21, stage 3, load, 62 %",
  );
  expect(attemptWords(recovering, null, now)).toBe("Attempt 2 since 02:21");
  expect(attemptWords(null, null, now)).toBe(null);
});
