import { TRPCClientError } from "@trpc/client";
import { expect, test } from "vitest";
import { problemFrom } from "./save-job.ts";
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
