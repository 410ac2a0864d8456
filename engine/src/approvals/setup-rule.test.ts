import { expect, test } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { judgeSetup } from "./setup-rule.ts";

const YOUNG = { storeCreatedAt: 1_000, endedAt: null, approversSeen: 1 };
const until = 1_000 + LIMITS.setupMs;

test.each([
  ["nobody has signed in", { ...YOUNG, approversSeen: 0 }, 1_000, { on: true, until }],
  ["one person", YOUNG, until - 1, { on: true, until }],
  ["its time is over", YOUNG, until, { on: false, because: "time" }],
  [
    "a second person",
    { ...YOUNG, approversSeen: 2 },
    1_001,
    { on: false, because: "second-person" },
  ],
  ["they are gone again", { ...YOUNG, endedAt: 2_000 }, 3_000, { on: false, because: "ended" }],
  ["the clock goes back", { ...YOUNG, endedAt: until }, 1_500, { on: false, because: "ended" }],
] as const)("set-up mode when %s [EYES-6]", (_name, facts, now, verdict) => {
  expect(judgeSetup(facts, now)).toEqual(verdict);
});
