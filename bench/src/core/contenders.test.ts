import { describe, expect, onTestFinished, test } from "vitest";
import type { Outcome } from "./contender.ts";
import { ContenderHost } from "./contender-host.ts";
import { CONTENDERS, type ContenderName } from "./contenders.ts";
import { digestOfOutcome } from "./outcome.ts";
import { RoundJournal } from "./round-journal.ts";

const JOBS = 5;
const NOW = Date.UTC(2026, 10, 24, 3);
/** More than one run of each job. */
const FACTS = 1_500;
const LAST = 500;

async function outcomesOf(names: readonly ContenderName[]): Promise<Outcome[]> {
  const journal = await RoundJournal.make(JOBS, NOW);
  onTestFinished(() => journal.remove());
  const hosts = names.map((name) => new ContenderHost({ name, journalPath: journal.path }));
  journal.add(FACTS);
  for (const host of hosts) expect(await host.round()).toBeGreaterThan(0);
  journal.add(LAST);
  return Promise.all(hosts.map((host) => host.last()));
}

describe("contenders", () => {
  test("each comes to the same jobs and counts", async () => {
    const names = Object.keys(CONTENDERS) as ContenderName[];
    const outcomes = await outcomesOf(names);
    expect(outcomes.map(({ facts, jobs }) => [facts, jobs.size])).toEqual(
      names.map(() => [FACTS + LAST, JOBS]),
    );
    expect(outcomes.map(digestOfOutcome)).toEqual(
      names.map(() => digestOfOutcome(outcomes[0] as Outcome)),
    );
    expect(outcomes[0]?.transitions).toBeGreaterThan(2 * JOBS);
  });

  test("another outcome has another digest", async () => {
    const [outcome] = await outcomesOf(["map"]);
    const { jobs, ...counts } = outcome as Outcome;
    const [[jobId, job] = ["", { executionId: "", state: "running" as const, done: 0 }]] = jobs;
    const digest = digestOfOutcome({ jobs, ...counts });
    for (const other of [
      { jobs, ...counts, facts: counts.facts + 1 },
      { jobs, ...counts, transitions: counts.transitions + 1 },
      { jobs: new Map([...jobs, [jobId, { ...job, done: job.done + 1 }]]), ...counts },
      { jobs: new Map([...jobs, [jobId, { ...job, executionId: "another" }]]), ...counts },
    ]) {
      expect(digestOfOutcome(other)).not.toBe(digest);
    }
  });
});
