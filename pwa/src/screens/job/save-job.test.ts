import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { TestNetwork } from "../test-network.ts";
import { problemFrom, saveJob } from "./save-job.ts";
import { otherProblem, problemOf } from "./save-result.ts";

function refused(message: string, data: object): Error {
  return TRPCClientError.from({ error: { code: -32_600, message, data } });
}

test("a refusal stands at its field, without the field's name", () => {
  const problem = problemFrom(
    refused("schedule.zone: is no time zone; give for example Europe/Berlin.", {
      code: "BAD_REQUEST",
      reason: "invalid_schedule",
      field: "schedule.zone",
    }),
  );
  expect(problemOf(problem, "schedule.zone")).toBe(
    "Is no time zone; give for example Europe/Berlin.",
  );
  expect(problemOf(problem, "schedule.expression")).toBe(null);
  expect(otherProblem(problem, ["schedule.zone"])).toBe(null);
});

test("what the door refuses is said in words, never as its raw list of issues", () => {
  const problem = problemFrom(
    refused("[{}]", {
      code: "BAD_REQUEST",
      reason: "invalid_input",
      field: "change.clocks.startGraceMs",
    }),
  );
  expect(problemOf(problem, "clocks.startGraceMs")).toBe("Give a duration from 1 s to 31 d.");
});

test("what is not about a field stands below the form", () => {
  const problem = problemFrom(refused("no", { code: "FORBIDDEN" }));
  expect(otherProblem(problem, ["schedule.zone"])).toContain("Your role or team");
  expect(problemFrom(new Error("offline")).code).toBe("NETWORK");
});

test("it is asked for whether or not anybody wants to be told what became of it", async () => {
  const network = new TestNetwork();
  network.answers["jobs.configure"] = () => ({ outcome: "waiting", request: null });
  const asked = { reason: "It is due.", breakGlass: false };
  expect(await saveJob("j1", { schedule: null }, asked)).toBe(null);
  const outcomes: unknown[] = [];
  const told = (outcome: unknown): void => void outcomes.push(outcome);
  expect(await saveJob("j1", { tier: 4 }, asked, told)).toBe(null);
  expect(network.called("jobs.configure")).toMatchObject([
    { jobId: "j1", change: { schedule: null }, ...asked },
    { jobId: "j1", change: { tier: 4 }, ...asked },
  ]);
  expect(outcomes).toEqual([{ outcome: "waiting", request: null }]);
});
