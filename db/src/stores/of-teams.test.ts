import { SERVICE_TEAM_ID } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { jobSave, openTestStores, putRun, unit } from "./test-store.ts";

const everyone = { teamIds: "all", payload: true } as const;

test("nobody is listed Batchwatch's own jobs, runs and team, and a page is not shorter for them", async () => {
  const stores = await openTestStores();
  const { term } = await stores.partitions.claim([3]);
  const own = jobSave({ jobId: "own", name: "A first by name", ownerTeamId: SERVICE_TEAM_ID });
  await stores.units.save({
    term,
    units: [
      unit({ job: own, runs: [putRun("newest", { jobId: "own", orderedAt: 9_000 })] }),
      unit({ runs: [putRun("e1", { orderedAt: 1_000 })] }),
    ],
    mark: null,
  });
  const jobs = await stores.jobs.list(everyone, {}, 1, null);
  expect(jobs.items.map(({ ownerTeamId }) => ownerTeamId)).toEqual([jobSave().ownerTeamId]);
  const runs = await stores.runs.list(everyone, {}, 1, null);
  expect(runs.items.map(({ executionId }) => executionId)).toEqual(["e1"]);
  expect([jobs.nextCursor, runs.nextCursor]).toEqual([null, null]);
  const teams = await stores.identity.teams();
  expect(teams.map(({ teamId }) => teamId)).toEqual([jobSave().ownerTeamId]);
});
