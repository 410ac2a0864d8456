import { joinLevel } from "../incidents/join-level.ts";
import type { Observation } from "../model/fact.ts";
import type { Source } from "../model/job.ts";
import { Checks } from "./checks.ts";
import { Dice } from "./dice.ts";
import { Faults } from "./faults.ts";
import { ProcessLife } from "./process-life.ts";
import { Producer } from "./producer.ts";
import { checkQuiet } from "./quiet-checks.ts";
import type { Scenario } from "./scenario.ts";
import { plannedTraffic } from "./traffic.ts";
import { Violation } from "./violation.ts";
import { type Parts, START_AT, World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const SOURCES = 2;
/** Simulated time in which everything must be said, read and saved once nothing breaks any more. */
const DRAIN_WITHIN_MS = 18 * HOUR;
/** The same for everything that is to be sent and answered: leases and retries are counted by a clock that was set back. */
const SETTLE_WITHIN_MS = 4 * HOUR;
/** Comparisons with a freshly loaded process while a seed runs; each costs as much as a hundred messages. */
const MOST_QUIET_CHECKS = 4;
const QUIET_CHECK_EVERY_MS = 600_000;

/** One seed: the world, the process in it, what breaks, and the checks. */
export class Simulation {
  readonly world: World;
  readonly checks: Checks;
  readonly producers: readonly Producer[];
  readonly faults: Faults;
  process: ProcessLife | null = null;
  shards: number;
  #restarts = 0;
  quietChecks = 0;

  constructor(seed: number, scenario: Scenario, parts: Parts) {
    this.world = new World(seed, scenario, parts);
    this.world.store.refuses = (piece) =>
      piece.units.some((unit) => unit.job !== null && this.faults.refusedJobs.has(unit.job.jobId));
    this.checks = new Checks(this.world);
    this.shards = scenario.shards;
    this.producers = Array.from({ length: SOURCES }, (_, n) => {
      const dice = new Dice(seed, `source ${n}`);
      const facts = plannedTraffic(n, START_AT, scenario, dice);
      return new Producer(this.world, () => this.process, sourceOf(n), facts, dice);
    });
    this.faults = new Faults(this);
  }

  async run(): Promise<void> {
    const { world, faults, producers } = this;
    world.recipients.desk = () => this.process?.incidents ?? null;
    world.afterMessage = () => faults.maybe();
    await anotherTurn();
    this.#boot();
    for (const producer of producers) producer.start();
    this.#lookForQuiet();
    this.#changeTiers();
    await this.#runUntil(world.scenario.hours * HOUR);
    faults.end();
    this.restart(this.shards);
    const end = world.timeline.now + DRAIN_WITHIN_MS;
    await this.#runUntil(end, () => this.#isQuiet());
    if (this.process === null || !this.#isQuiet()) {
      throw new Violation("I1", `hours after the last fault: ${this.#restlessness()}`);
    }
    const settledBy = world.timeline.now + SETTLE_WITHIN_MS;
    await this.#runUntil(settledBy, () => this.#isQuiet() && this.#isSettled());
    if (!this.#isSettled()) {
      world.incidentChecks.settled();
      throw new Violation("I4", "hours after the last fault somebody waits for an answer");
    }
    checkQuiet(world, this.checks, this.process, { orderly: true });
    world.incidentChecks.settled();
    await this.#stop(this.process);
  }

  /** Kills the process at this moment and starts it again. */
  restart(shards: number, meanwhile: () => void = () => {}): void {
    const { world, faults } = this;
    this.process?.die();
    this.process = null;
    this.shards = shards;
    world.log.crash();
    this.checks.nothingLost();
    meanwhile();
    // A newer program may know better, and somebody may have mended the store.
    if (world.chance.chance(0.5)) {
      faults.defective = false;
      faults.refusedJobs.clear();
    }
    world.timeline.after(world.chance.whole(500, 30_000), "the process starts", () => this.#boot());
  }

  #boot(): void {
    if (this.process !== null) return;
    const isDefective = (fact: Observation) =>
      this.faults.defective && fact.params?.["poison"] !== undefined;
    this.#restarts += 1;
    const epoch = `life ${this.#restarts}`;
    this.process = new ProcessLife(this.world, this.checks, this.shards, isDefective, epoch);
    this.process.start();
  }

  async #runUntil(until: number, isDone: () => boolean = () => false): Promise<void> {
    const { world } = this;
    const { timeline } = world;
    for (let event = timeline.next(until); event !== null; event = timeline.next(until)) {
      event.run();
      while (world.stirred) {
        world.stirred = false;
        await promisesGoOn();
      }
      if (world.failure !== null) throw world.failure;
      if (isDone()) return;
    }
  }

  /** Nobody waits to be told, or for an answer. */
  #isSettled(): boolean {
    const { process, world } = this;
    return world.recipients.openCommands === 0 && process?.incidents.quiet === true;
  }

  /** Everything was acknowledged, read and saved, and nothing is under way. */
  #isQuiet(): boolean {
    const { process, world } = this;
    if (process === null || !process.live) return false;
    if (!this.producers.every((producer) => producer.done)) return false;
    return process.isClean(world.log.end) && world.log.records.length === 0;
  }

  #restlessness(): string {
    const { world, process, producers } = this;
    const shards = process?.shards.map((shard) => ({
      ...shard.shard.stats,
      mark: shard.mark,
      caughtUp: shard.caughtUp,
    }));
    const open = producers.map((producer) => producer.open);
    const { end, records } = world.log;
    return JSON.stringify({ open, end, unsaved: records.length, shards });
  }

  #lookForQuiet(): void {
    const { world, process } = this;
    world.timeline.after(QUIET_CHECK_EVERY_MS, "", () => this.#lookForQuiet());
    if (this.quietChecks >= MOST_QUIET_CHECKS || !world.chance.chance(0.2)) return;
    if (process === null || !process.live || world.log.records.length > 0) return;
    if (!process.isClean(world.log.end)) return;
    this.quietChecks += 1;
    checkQuiet(world, this.checks, process, { orderly: this.quietChecks === 2 });
  }

  /** Now and then somebody changes a job's tier: what fires of it is said again. */
  #changeTiers(): void {
    const { world } = this;
    const { chance, wishes, timeline, scenario } = world;
    if (timeline.now > scenario.hours * HOUR) return;
    timeline.after(chance.whole(10, 60) * MINUTE, "a tier is changed", () => {
      this.#changeTiers();
      const { alerts } = world.store.tables;
      const firing = [...alerts.values()].filter((alert) => alert.firing);
      if (firing.length === 0) return;
      const { jobId } = (firing[chance.whole(0, firing.length - 1)] ?? { card: { jobId: null } })
        .card;
      if (jobId === null) return;
      wishes.changeTier(jobId);
      const said = firing.filter(({ card }) => card.jobId === jobId);
      const changed = said.flatMap((alert) => joinLevel(alert, wishes.again(alert)) ?? []);
      for (const alert of changed) alerts.set(alert.alertId, alert);
      this.process?.incidents.take(changed);
    });
  }

  /** SUP-6: a stop drains and leaves an empty journal. */
  async #stop(process: ProcessLife): Promise<void> {
    const { world } = this;
    process.stop();
    await this.#runUntil(world.timeline.now + HOUR, () =>
      process.shards.every((shard) => shard.stopped),
    );
    if (!process.shards.every((shard) => shard.stopped)) {
      throw new Violation("SUP-6", "a shard does not stop");
    }
    if (world.log.records.length > 0) throw new Violation("SUP-6", "the journal is not empty");
  }
}

function anotherTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Everything that only waits for promises has run when this resolves: a tick that is asked for by a promise comes when
 * no other promise is left to go on. Without a turn of the event loop, which costs more than most events.
 */
function promisesGoOn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function sourceOf(n: number): Source {
  return {
    sourceId: `source-${n}`,
    name: `source ${n}`,
    contract: "native",
    environment: "PROD",
    zone: "UTC",
    newDayTime: "00:00",
    businessDateParams: ["businessDate"],
    pagingMode: "WATCHING",
    recoveryRecipe: null,
    teamId: null,
    createdAt: 0,
  };
}
