import type { Observation } from "../model/fact.ts";
import type { Alert, RuleName } from "../model/alert.ts";
import { alertIdOf, executionIdOf } from "../model/ids.ts";
import { joinFact } from "../jobs/join-fact.ts";
import { emptySummary } from "../jobs/run-summary.ts";
import { encodeSummary } from "../jobs/summary-codec.ts";
import { T0 } from "../shards/test-facts.ts";
import type { World } from "../shards/test-world.ts";
import { joinLevel } from "./join-level.ts";

/** The stored alerts after everything that the world's units said. */
export function alertsOf({ levels }: World): ReadonlyMap<string, Alert> {
  const alerts = new Map<string, Alert>();
  for (const level of levels) {
    const alertId = alertIdOf(level.rule, level.subject);
    const joined = joinLevel(alerts.get(alertId) ?? null, level);
    if (joined !== null) alerts.set(alertId, joined);
  }
  return alerts;
}

export function alertOf(world: World, rule: RuleName, run: string): Alert | undefined {
  return alertsOf(world).get(alertIdOf(rule, executionIdOf("s", "n", "load", run)));
}

/** The alert of an expected start. */
export function missedStart(world: World): Alert | undefined {
  return [...alertsOf(world).values()].find(({ card }) => card.executionId === null);
}

/** A run's summary as another job, or an earlier program, left it in the store. */
export function storedRun(run: string, ...facts: Observation[]): string {
  const summary = emptySummary(executionIdOf("s", "n", "load", run), "former", run);
  for (const one of facts) joinFact(summary, { ...one, jobId: "former" }, one.occurredAt);
  return encodeSummary(summary);
}

export function tell(world: World, at: number, ...facts: Observation[]): void {
  world.tickTo(T0 + at, 4_000);
  world.at(T0 + at, ...facts);
  world.settle();
}

export function tick(world: World, at: number): void {
  world.tickTo(T0 + at, 4_000);
  world.settle();
}

export function restart(world: World, before: () => void = () => {}): void {
  world.settle();
  world.boot();
  before();
  while (world.shard.step());
  world.shard.tick();
  world.settle();
}
