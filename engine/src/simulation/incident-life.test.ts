import { describe, expect, it } from "vitest";
import { alertOf } from "../incidents/test-incidents.ts";
import type { Alert } from "../model/alert.ts";
import { IncidentLife } from "./incident-life.ts";
import { calm, scenarioOf } from "./scenario.ts";
import { type Life, START_AT, World } from "./world.ts";

const HOUR = 3_600_000;

/** A world whose people are paged, an alert in its store, and a desk that takes it in. */
function story(): { world: World; life: Life; alert: Alert } {
  for (let seed = 1; ; seed += 1) {
    const world = new World(seed, calm(scenarioOf(seed, 1)), {});
    const { alertsOn, platformPolicy, sourceOf } = world.recipients.alerting;
    const watched = sourceOf("source-1")?.pagingMode === "WATCHING";
    if (!alertsOn || watched || platformPolicy.people.length === 0) continue;
    const alert = alertOf("job", START_AT, { sourceId: "source-1" });
    world.store.tables.alerts.set(alert.alertId, alert);
    return { world, life: { alive: true }, alert };
  }
}

/** What promises wait for, and the next event, until an hour is over or `isDone`. */
async function run(world: World, isDone: () => boolean = () => false): Promise<void> {
  const { timeline } = world;
  const promises = () => new Promise((resolve) => setImmediate(resolve));
  await promises();
  while (!isDone()) {
    const event = timeline.next(HOUR);
    if (event === null) return;
    event.run();
    await promises();
  }
}

/** The process dies in the moment in which the store has this to do with the next commit of an incident. */
function dieWithCommit(
  { world, life }: { world: World; life: Life },
  step: "does" | "answers",
  then = () => {},
): void {
  world.afterMessage = () => {
    if (world.trace.at(-1)?.endsWith(`store ${step} incidents.commit`) !== true) return;
    life.alive = false;
    then();
  };
}

function sent(world: World): number {
  return [...world.recipients.arrived.values()].reduce((sum, times) => sum + times, 0);
}

describe("the incident side of a process that dies [I4]", () => {
  it("sends what the store holds while it lives", async () => {
    const { world, life, alert } = story();
    new IncidentLife(world, life, "owner").take([alert]);
    await run(world);
    expect(world.failure).toBeNull();
    expect(sent(world)).toBeGreaterThan(0);
  });

  it("sends nothing when it dies with the commit's answer and the store is an older one since", async () => {
    const { world, life, alert } = story();
    const before = world.store.copy();
    dieWithCommit({ world, life }, "answers", () => world.store.replace(before));
    new IncidentLife(world, life, "owner").take([alert]);
    await run(world);
    expect(life.alive).toBe(false);
    expect(world.failure).toBeNull();
    expect(sent(world)).toBe(0);
  });

  it("has promised nothing when it dies with the commit and the store is an older one since", async () => {
    const { world, life, alert } = story();
    const before = world.store.copy();
    dieWithCommit({ world, life }, "does", () => {
      world.store.replace(before);
      world.incidentChecks.restored();
    });
    new IncidentLife(world, life, "owner").take([alert]);
    await run(world);
    expect(life.alive).toBe(false);
    expect(() => world.incidentChecks.settled()).toThrow("nobody took in alert");
  });

  it("answers no command when it dies with the commit's answer", async () => {
    const { world, life, alert } = story();
    const incidents = new IncidentLife(world, life, "owner");
    incidents.take([alert]);
    await run(world, () => sent(world) > 0);
    const [incidentId = ""] = world.store.tables.incidents.incidents.keys();
    const by = { userId: "duty", name: "Duty Operator" };
    const answers: unknown[] = [];
    const say = (commandId: string) => {
      const command = { commandId, incidentId, by, action: { type: "acknowledge" } } as const;
      incidents.command(command, (answer) => answers.push(answer));
    };
    say("first");
    await run(world, () => answers.length > 0);
    expect(answers).toHaveLength(1);
    dieWithCommit({ world, life }, "answers");
    say("second");
    await run(world);
    expect(life.alive).toBe(false);
    expect(answers).toHaveLength(1);
  });
});
