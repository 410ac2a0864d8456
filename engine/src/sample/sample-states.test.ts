import { describe, expect, test } from "vitest";
import { admit } from "../contracts/admit.ts";
import type { Source } from "../model/job.ts";
import type { RunRow } from "../model/rows.ts";
import type { RunState } from "../model/run.ts";
import { World } from "../shards/test-world.ts";
import { nightPlan } from "./night-plan.ts";
import { sampleHistory } from "./sample-history.ts";
import { sampleNight } from "./sample-night.ts";

const MINUTE_MS = 60_000;
const SOURCE: Source = {
  sourceId: "s",
  name: "sample-bank",
  contract: "native",
  environment: "TEST",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: ["businessDate"],
  pagingMode: "WATCHING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
};

function take(world: World, bodies: readonly unknown[], receivedAt: number): void {
  const bytes = new TextEncoder().encode(JSON.stringify(bodies));
  const request = { contract: "native" as const, bytes, source: SOURCE, receivedAt };
  const { records, accepted } = admit({ ...request, contentType: "application/json" });
  expect(accepted).toBe(bodies.length);
  world.now = receivedAt;
  world.appendRecords(records);
}

/** State of each job's newest run, as the board shows it. */
function shownStates(world: World): ReadonlyMap<string, RunState> {
  const newest = new Map<string, RunRow>();
  for (const row of world.rows.values()) {
    if (row.kind !== "run") continue;
    const known = newest.get(row.jobName);
    if (known === undefined || row.attempt > known.attempt) newest.set(row.jobName, row);
  }
  return new Map([...newest].map(([job, { state }]) => [job, state]));
}

describe("the sample night, judged by the clocks", () => {
  test.each([7, 20_251])(
    "[CLOCK-3, CLOCK-4, CLOCK-9] seed %d shows at each minute what its plan says",
    (seed) => {
      const startsAt = Date.UTC(2026, 10, 23, 22);
      const options = { seed, businessDate: "2026-11-23", startsAt };
      const plan = nightPlan(options);
      const night = sampleNight(options);
      const world = new World();
      take(world, sampleHistory({ seed, nights: 20, before: startsAt }), startsAt - 20 * MINUTE_MS);
      const differences: string[] = [];
      let sent = 0;
      for (let minute = plan.opensAt - 10 * MINUTE_MS; minute <= plan.endsAt; minute += MINUTE_MS) {
        for (let next = night[sent]; next !== undefined && next.at <= minute; next = night[sent]) {
          world.tickTo(next.at, 4_000);
          take(world, [next.body], next.at);
          sent += 1;
        }
        world.tickTo(minute, 4_000);
        world.settle();
        const shown = shownStates(world);
        for (const [job, state] of plan.expectedStates(minute)) {
          if (shown.get(job) !== state) {
            const at = (minute - plan.opensAt) / MINUTE_MS;
            differences.push(`minute ${at}: ${job} is ${shown.get(job) ?? "absent"}, not ${state}`);
          }
        }
      }
      expect(differences).toEqual([]);
    },
    60_000,
  );
});
