import { LIMITS } from "../model/limits.ts";

/**
 * Times of the newest commits of a stage, ascending, without repeats, at most LIMITS.commitsKept: the newest of
 * a union do not depend on order, so commits join like everything else of a run.
 */
export type Commits = number[];

/** Adds one in place. Nearly every commit is the newest. */
export function addCommit(commits: Commits, at: number): void {
  const newest = commits[commits.length - 1];
  if (newest === undefined || at > newest) commits.push(at);
  else if (!commits.includes(at)) {
    commits.push(at);
    commits.sort(ascending);
  } else return;
  if (commits.length > LIMITS.commitsKept) commits.shift();
}

export function joinCommits(into: Commits, other: readonly number[]): void {
  for (const at of other) addCommit(into, at);
}

/** The times between neighbours, oldest first, ms. */
export function gapsOf(commits: readonly number[]): number[] {
  return commits.slice(1).map((at, index) => at - (commits[index] ?? at));
}

function ascending(a: number, b: number): number {
  return a - b;
}
