import { expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { MetJobs } from "./met-jobs.ts";

it("[SUP-7] a job is unmet once while it goes on, however many others pass by, and again after it was forgotten", () => {
  const met = new MetJobs();
  const others = (from: number, count: number) => {
    for (let index = from; index < from + count; index++) met.meet(`other-${index}`);
  };
  met.meet("kept");
  met.meet("idle");
  expect(met.takeUnmet()).toEqual(["kept", "idle"]);
  for (let round = 0; round < 8; round++) {
    others(round * LIMITS.jobsMet, LIMITS.jobsMet / 4);
    met.meet("kept");
    expect(met.takeUnmet()).not.toContain("kept");
  }
  met.meet("idle");
  expect(met.takeUnmet()).toEqual(["idle"]);
});
