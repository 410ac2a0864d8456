import type { Evidence } from "batchwatch/router";
import { expect, test } from "vitest";
import { evidenceSentence, type JudgedRun, originSentence } from "./evidence-words.ts";

const NOW = new Date(2026, 10, 11, 3, 10).getTime();
/** A moment of the morning of the test, as the server writes it. */
const at = (hour: number, minute: number): string =>
  new Date(2026, 10, 11, hour, minute).toISOString();
const MINUTE = 60_000;
const running: JudgedRun = { startedAt: at(2, 0), endedAt: null, durationMs: null };
const ended: JudgedRun = { startedAt: at(2, 0), endedAt: at(2, 1), durationMs: MINUTE };

const late = (fields: object = {}): Evidence => ({
  code: "not-started",
  expectedAt: at(2, 0),
  graceMs: 10 * MINUTE,
  graceOrigin: "DEFAULT",
  announced: false,
  ...fields,
});
const stalled = (fields: object = {}): Evidence => ({
  code: "standing-still",
  stage: "load",
  lastCommitAt: at(2, 41),
  usualGapMs: 4_000,
  limitMs: 5 * MINUTE,
  limitOrigin: "DEFAULT",
  ...fields,
});
const overBudget = (fields: object = {}): Evidence => ({
  code: "over-budget",
  budgetMs: 50 * MINUTE,
  budgetOrigin: "LEARNED",
  usualMs: 25 * MINUTE,
  ...fields,
});
const blind = (fields: object): Evidence => ({
  code: "blind",
  reason: "SOURCE_SILENT",
  from: at(2, 14),
  until: null,
  ...fields,
});

test.each<[string, Evidence, JudgedRun]>([
  ["Due 02:00, grace over 02:10. It has not started.", late(), running],
  [
    "Announced for 02:00, grace over 02:10. It has not started.",
    late({ announced: true }),
    running,
  ],
  [
    "No commit since 02:41, usual gap 4 s, limit 5 min. The process may be dead.",
    stalled(),
    running,
  ],
  [
    "No sign of life since 02:41, limit 10 min. The process may be dead.",
    stalled({ usualGapMs: null, limitMs: 10 * MINUTE, limitOrigin: "SET" }),
    running,
  ],
  ["Running 1 h 10 min, budget 50 min (2 × the usual 25 min).", overBudget(), running],
  [
    "Running 1 h 10 min, budget 33 min (usual 25 min).",
    overBudget({ budgetMs: 33 * MINUTE }),
    running,
  ],
  ["Running 1 h 10 min, budget 50 min.", overBudget({ usualMs: null }), running],
  ["Took 1 min, budget 50 min (2 × the usual 25 min).", overBudget(), ended],
  [
    "Longer than its budget 50 min (2 × the usual 25 min).",
    overBudget(),
    { startedAt: null, endedAt: null, durationMs: null },
  ],
  [
    "Succeeded in 1 min, least 5 min (a quarter of the usual 20 min). Did it do its work?",
    {
      code: "too-short",
      minimumMs: 5 * MINUTE,
      minimumOrigin: "LEARNED",
      usualMs: 20 * MINUTE,
    },
    ended,
  ],
  [
    "Nothing heard since 02:14: unknown, not failed.",
    { code: "silent", lastFactAt: at(2, 14) },
    running,
  ],
  ["No data from this source since 02:14: unknown, not failed.", blind({}), running],
  [
    "Batchwatch itself was down from 02:14 to 02:31: unknown, not failed.",
    blind({ reason: "DOWNTIME", until: at(2, 31) }),
    running,
  ],
  [
    "Batchwatch itself could take in nothing since 02:14: unknown, not failed.",
    blind({ reason: "INTAKE_CLOSED" }),
    running,
  ],
  [
    "Batchwatch itself stood still since 02:14: unknown, not failed.",
    blind({ reason: "PAUSED" }),
    running,
  ],
  [
    "The history was restored from a copy, data from 02:14 to 02:31 may be missing: unknown, not failed.",
    blind({ reason: "STORE_RESTORED", until: at(2, 31) }),
    running,
  ],
  [
    "Attempt 2. Attempt 1 failed.",
    { code: "new-attempt", attempt: 2, earlierExecutionId: "e1", earlierState: "failed" },
    running,
  ],
  [
    "Attempt 4. An earlier attempt was stopped.",
    { code: "new-attempt", attempt: 4, earlierExecutionId: "e1", earlierState: "stopped" },
    running,
  ],
  [
    "Batchwatch cannot follow this job (too many runs): unknown, not failed. Its data is kept.",
    { code: "quarantined", reason: "too many runs" },
    running,
  ],
])("%s", (sentence, evidence, run) => {
  expect(evidenceSentence(evidence, run, NOW)).toBe(sentence);
});

test("a time of another day names the day", () => {
  const yesterday = new Date(2026, 10, 10, 23, 50).toISOString();
  expect(evidenceSentence(late({ expectedAt: yesterday }), running, NOW)).toBe(
    "Due 10 Nov 23:50, grace over 00:00. It has not started.",
  );
});

test("each limit says where it comes from, and what has no limit says nothing", () => {
  expect(originSentence(late())).toBe(
    "Start grace 10 min: the default for how often the job runs.",
  );
  expect(originSentence(stalled({ limitOrigin: "SET" }))).toBe(
    "Longest gap 5 min: set by a person.",
  );
  expect(originSentence(overBudget())).toBe(
    "Run budget 50 min: learned from the past of this job.",
  );
  expect(originSentence(blind({}))).toBe(null);
});

test("a code of a newer server is left unsaid", () => {
  const newer = { code: "sun-spots" } as unknown as Evidence;
  expect(evidenceSentence(newer, running, NOW)).toBe("");
  expect(originSentence(newer)).toBe(null);
});
