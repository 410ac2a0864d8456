import fc from "fast-check";
import { expect, it } from "vitest";
import type { TrendRow } from "../model/rows.ts";
import { StrongestTrends } from "./strongest-trends.ts";

const TEAMS = ["a", "b", "c"];
const SCOPES = ["all", ["a"], ["b", "c"], [], ["unknown"]] as const;

function trend(key: string, teamId: string, changeRatio: number | null): TrendRow {
  return { kind: "trend", key, teamId, changeRatio } as TrendRow;
}

function strongest(rows: Iterable<TrendRow>, teamIds: "all" | readonly string[]): string[] {
  return [...rows]
    .filter((row) => row.changeRatio !== null)
    .filter(({ teamId }) => teamIds === "all" || teamIds.includes(teamId))
    .sort(
      (a, b) =>
        Math.abs(b.changeRatio ?? 0) - Math.abs(a.changeRatio ?? 0) || (a.key < b.key ? -1 : 1),
    )
    .slice(0, 50)
    .map(({ key }) => key);
}

it("shows what sorting all of them would, however they come, change, move and leave", () => {
  const change = fc.record({
    job: fc.nat(700),
    team: fc.constantFrom(...TEAMS),
    ratio: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    leaves: fc.boolean(),
    looks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 200, maxLength: 1_500 }), (changes) => {
      const rows = new Map<string, TrendRow>();
      const trends = new StrongestTrends(() => rows.values());
      for (const { job, team, ratio, leaves, looks } of changes) {
        const key = `trend:${job}`;
        const before = rows.get(key) ?? null;
        const after = leaves && before !== null ? null : trend(key, team, ratio);
        if (after === null) rows.delete(key);
        else rows.set(key, after);
        trends.changed(before, after);
        if (!looks) continue;
        const scope = SCOPES[job % SCOPES.length] ?? "all";
        expect(trends.of(scope).map((row) => row.key)).toEqual(strongest(rows.values(), scope));
      }
    }),
    { numRuns: 15 },
  );
});

it("does not look at all of them again for each change", () => {
  let looks = 0;
  const rows = new Map<string, TrendRow>();
  const trends = new StrongestTrends(() => {
    looks += 1;
    return rows.values();
  });
  const put = (job: number, ratio: number) => {
    const key = `trend:${job}`;
    const before = rows.get(key) ?? null;
    const after = trend(key, "a", ratio);
    rows.set(key, after);
    trends.changed(before, after);
  };
  for (let job = 0; job < 5_000; job++) put(job, job);
  trends.of("all");
  for (let change = 0; change < 1_000; change++) {
    put(change * 5, 5_000 - change);
    trends.of("all");
  }
  expect(looks).toBeLessThan(20);
});
