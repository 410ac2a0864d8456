import { describe, expect, test } from "vitest";
import { nightPlan } from "./night-plan.ts";

const MINUTE_MS = 60_000;
const OPTIONS = { seed: 7, businessDate: "2026-11-23", startsAt: Date.UTC(2026, 10, 23, 22) };
const plan = nightPlan(OPTIONS);

/** The states of a job, minute by minute, each once in a row. */
function storyOf(job: string, of = plan, stepMs = MINUTE_MS): readonly string[] {
  const story: string[] = [];
  for (let at = plan.opensAt - 10 * stepMs; at <= of.endsAt + stepMs; at += stepMs) {
    const state = of.expectedStates(at).get(job) ?? "unannounced";
    if (story.at(-1) !== state) story.push(state);
  }
  return story;
}

describe("what each minute of the night should show", () => {
  test.each([
    ["gl-reconcile", ["unannounced", "scheduled", "running", "succeeded"]],
    [
      "settlement-file-import",
      ["unannounced", "scheduled", "running", "failed", "recovering", "succeeded"],
    ],
    [
      "exposure-aggregation",
      ["unannounced", "scheduled", "running", "stalled", "running", "succeeded"],
    ],
    ["card-statement-print", ["unannounced", "scheduled", "late", "running", "succeeded"]],
    ["margin-calls", ["unannounced", "scheduled", "late", "running", "succeeded"]],
    ["collateral-report", ["unannounced", "scheduled", "late", "stopped"]],
    ["collateral-revaluation", ["unannounced", "scheduled", "running", "failed"]],
  ])("%s", (job, story) => {
    expect(storyOf(job)).toEqual(story);
  });

  test("tells the same at another speed", () => {
    const fast = nightPlan({ ...OPTIONS, speed: 10 });
    const job = "card-statement-print";
    expect(storyOf(job, fast, MINUTE_MS / 10)).toEqual(storyOf(job));
  });

  test("shows nothing long before it, and 60 ended jobs after it", () => {
    expect(plan.expectedStates(plan.opensAt - 10 * MINUTE_MS).size).toBe(0);
    const after = [...plan.expectedStates(plan.endsAt).values()];
    expect(after).toHaveLength(60);
    expect(after.filter((state) => state === "succeeded")).toHaveLength(58);
  });

  test("names an option that is out of its range", () => {
    expect(() => nightPlan({ ...OPTIONS, businessDate: "23.11.2026" })).toThrow("YYYY-MM-DD");
    expect(() => nightPlan({ ...OPTIONS, speed: -1 })).toThrow("speed is -1");
  });
});
