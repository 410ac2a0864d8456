import { join } from "node:path";
import type { Incident, IncidentChange } from "@batchwatch/engine";
import { array, assert, asyncProperty, boolean, constantFrom, nat, record } from "fast-check";
import { expect, test } from "vitest";
import { after, change, incident, notification, type IncidentStores } from "./test-incidents.ts";
import { openTestStores, tempDir } from "./test-store.ts";

/** One step of a writer: it looks at an incident, or does not, and commits what it thinks comes next. */
const step = record({
  writer: nat(1),
  incident: nat(3),
  group: constantFrom("g", "h"),
  state: constantFrom("OPEN", "ACKNOWLEDGED", "RESOLVED"),
  cancels: boolean(),
  /** How many versions ago it looked. */
  behind: constantFrom(0, 0, 0, 1),
});
type Step = typeof step extends { generate(...args: never[]): { value: infer T } } ? T : never;

test("whatever two writers commit, one incident of a group is open, and what was promised is there", async () => {
  const seen = { done: 0, conflict: 0 };
  const round = array(step, { minLength: 1, maxLength: 5 });
  await assert(
    asyncProperty(array(round, { minLength: 1, maxLength: 6 }), async (rounds) => {
      const path = join(await tempDir(), "store.db");
      const writers = [await openTestStores(path), await openTestStores(path)] as const;
      const promised = new Map<string, string>();
      let made = 0;
      for (const steps of rounds) {
        // Both look before either commits, so that the second one meets what the first has made of it.
        const planned: [IncidentChange[], IncidentChange[]] = [[], []];
        for (const one of steps) {
          const id = `p${(made += 1)}`;
          planned[one.writer === 0 ? 0 : 1].push(await changeOf(writers[0], one, id));
        }
        for (const [index, changes] of planned.entries()) {
          const verdicts = await (writers[index] ?? writers[0]).incidents.commit(changes);
          expect(verdicts).toHaveLength(changes.length);
          for (const [at, { notifications, incident: to }] of changes.entries()) {
            seen[verdicts[at] ?? "conflict"] += 1;
            if (verdicts[at] !== "done") continue;
            for (const one of notifications) promised.set(one.notificationId, to.incidentId);
          }
        }
        const groups = (await writers[1].incidents.open(99)).map((one) => one.groupKey);
        expect(new Set(groups).size).toBe(groups.length);
      }
      const page = await writers[0].outbox.list({}, 200, null);
      const stored = new Map(page.items.map((row) => [row.notificationId, row.incidentId]));
      expect(stored).toEqual(promised);
    }),
    { numRuns: 25 },
  );
  expect(seen.done).toBeGreaterThan(0);
  expect(seen.conflict).toBeGreaterThan(0);
});

async function changeOf(stores: IncidentStores, one: Step, id: string): Promise<IncidentChange> {
  const incidentId = `n${one.incident}`;
  const seen = await stores.incidents.get(incidentId);
  const to: Partial<Incident> = { groupKey: one.group, state: one.state };
  const next =
    seen === null || seen.version <= one.behind
      ? incident(incidentId, to)
      : after({ ...seen, version: seen.version - one.behind }, to);
  return change(next, {
    notifications: [notification(id, { incidentId })],
    cancels: one.cancels ? { userId: null } : null,
  });
}
