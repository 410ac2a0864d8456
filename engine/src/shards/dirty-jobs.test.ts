import { expect, it } from "vitest";
import { DirtyJobs } from "./dirty-jobs.ts";

it("counts what waits as it changes, and keeps since when each waits", () => {
  const dirty = new DirtyJobs<{ unsaved: number }>();
  const [one, other] = [{ unsaved: 1 }, { unsaved: 2 }];
  dirty.touched(one, 5);
  dirty.touched(other, 6);
  one.unsaved = 10;
  dirty.touched(one, 7);
  expect([dirty.size, dirty.rows, [...dirty.all()]]).toEqual([2, 12, [one, other]]);
  expect(dirty.oldest(100, 0)).toBe(5);
  expect(dirty.oldest(100, 50)).toBeLessThan(50);
  expect([dirty.take(one), dirty.take(one), dirty.rows]).toEqual([5, undefined, 2]);
  dirty.touched(one, 9);
  dirty.put(one, 5);
  expect([dirty.rows, dirty.oldest(100, 0), [...dirty.all()]]).toEqual([12, 5, [other, one]]);
  for (const job of [one, other]) dirty.take(job);
  expect([dirty.size, dirty.rows, dirty.oldest(100, 0)]).toEqual([0, 0, 100]);
});
