import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { CallBudget } from "./call-budget.ts";

const stays = () => false;
const { callsPerMinutePerUser, callsUnderWayPerUser, largePerUser } = API_LIMITS;

test("a batch counts its calls", () => {
  const budget = new CallBudget();
  const batches = callsPerMinutePerUser / API_LIMITS.batchCalls;
  for (let n = 0; n < batches; n += 1) {
    expect(budget.waitSeconds("u1", API_LIMITS.batchCalls, 0)).toBe(0);
  }
  expect(budget.waitSeconds("u1", 1, 0)).toBe(60);
  expect(budget.waitSeconds("u2", 1, 0)).toBe(0);
  expect(budget.waitSeconds("u1", 1, 60_000)).toBe(0);
});

test("answers that nobody reads are bounded for each user, large ones more closely", () => {
  const budget = new CallBudget();
  const boards = Array.from({ length: largePerUser }, () =>
    budget.begin("u1", ["dashboard.get"], stays),
  );
  expect(boards).not.toContain(null);
  for (const path of ["dashboard.get", "audit.evidence", "me.export"]) {
    expect(budget.begin("u1", [path], stays)).toBeNull();
  }
  expect(budget.begin("u2", ["dashboard.get"], stays)).not.toBeNull();
  const left = callsUnderWayPerUser - largePerUser;
  expect(
    budget.begin(
      "u1",
      Array.from({ length: left }, () => "me.get"),
      stays,
    ),
  ).not.toBeNull();
  expect(budget.begin("u1", ["me.get"], stays)).toBeNull();
  boards[0]?.();
  expect(budget.begin("u1", ["dashboard.get"], stays)).not.toBeNull();
});

test("what was lost with its connection counts no more", () => {
  const budget = new CallBudget();
  let gone = false;
  for (let n = 0; n < callsUnderWayPerUser; n += 1) budget.begin("u1", ["me.get"], () => gone);
  expect(budget.begin("u1", ["me.get"], stays)).toBeNull();
  gone = true;
  expect(budget.begin("u1", ["me.get"], stays)).not.toBeNull();
});
