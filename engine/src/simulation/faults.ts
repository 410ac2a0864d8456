import { partitionOf } from "../model/ids.ts";
import type { MemoryTables } from "./memory-tables.ts";
import { FAULTS, type Fault } from "./scenario.ts";
import type { Simulation } from "./simulation.ts";

/** Faults that strike after a message; the others strike in the producers and in the delays. */
const STRIKING = [
  "shard-crash",
  "shard-hangs-and-wakes",
  "store-crash",
  "store-outage",
  "process-crash",
  "restart-with-other-shards",
  "older-store",
  "disk-full",
  "clock-jump",
  "pause",
  "silent-source",
  "other-state-version",
  "poison-unit",
  "poison-fact",
  "unreadable-record",
  "receiver-away",
] as const satisfies readonly Fault[];
type Striking = (typeof STRIKING)[number];

const COPY_EVERY_MS = 7_200_000;

/** Decides after each message whether something breaks, and breaks it. */
export class Faults {
  readonly struck: Record<Fault, number> = Object.fromEntries(
    FAULTS.map((fault) => [fault, 0]),
  ) as Record<Fault, number>;
  /** Jobs whose units the store refuses. */
  readonly refusedJobs: Set<string> = new Set();
  /** This program has a defect that some facts meet. */
  defective = false;
  #on = true;
  #copy: MemoryTables | null = null;
  readonly #sim: Simulation;
  readonly #total: number;

  constructor(sim: Simulation) {
    this.#sim = sim;
    const { rates } = sim.world.scenario;
    this.#total = STRIKING.reduce((sum, fault) => sum + rates[fault], 0);
    if (rates["older-store"] > 0) this.#copyStore();
    sim.world.crashPoint = (where, likelier = 1) => this.#crashPoint(where, likelier);
  }

  maybe(): void {
    const { chance, scenario } = this.#sim.world;
    if (!this.#on || !chance.chance(this.#total)) return;
    let at = chance.whole(0, 999_999) / 1_000_000;
    for (const fault of STRIKING) {
      at -= scenario.rates[fault] / this.#total;
      if (at > 0) continue;
      this.struck[fault] += 1;
      this.#sim.world.note(`*** ${fault}`);
      this.#strike[fault]();
      return;
    }
  }

  /** From now on nothing breaks, and what was broken is mended. */
  end(): void {
    this.#on = false;
    this.refusedJobs.clear();
    this.defective = false;
    const { world } = this.#sim;
    world.log.full = false;
    world.storeDownUntil = 0;
    world.recipients.calm = true;
  }

  #crashPoint(where: string, likelier: number): boolean {
    const { world, shards } = this.#sim;
    const rate = world.scenario.rates["sender-crash"] * likelier;
    if (!this.#on || !world.chance.chance(rate)) return false;
    this.struck["sender-crash"] += 1;
    world.note(`*** the process dies ${where}`);
    this.#sim.restart(shards);
    return true;
  }

  readonly #strike: Readonly<Record<Striking, () => void>> = {
    "shard-crash": () => this.#replaceShard(false),
    "shard-hangs-and-wakes": () => this.#replaceShard(true),
    "store-crash": () => this.#sim.world.crashStore(),
    "store-outage": () => {
      const { world } = this.#sim;
      world.storeDownUntil = world.timeline.now + world.chance.whole(1_000, 300_000);
    },
    "process-crash": () => this.#sim.restart(this.#sim.shards),
    "restart-with-other-shards": () => this.#sim.restart(this.#sim.world.chance.whole(1, 4)),
    "older-store": () => this.#olderStore(),
    "other-state-version": () => {
      const { jobs } = this.#sim.world.store.tables;
      this.#sim.restart(this.#sim.shards, () => {
        for (const [jobId, stored] of jobs) jobs.set(jobId, { ...stored, state: '{"version":0}' });
      });
    },
    "disk-full": () => {
      const { log, chance, timeline } = this.#sim.world;
      log.full = true;
      timeline.after(chance.whole(1_000, 180_000), "disk has room", () => {
        log.full = false;
      });
    },
    "clock-jump": () => {
      const { world } = this.#sim;
      world.wallOffsetMs = world.chance.pick([
        0, 1_000, -1_000, 90_000, -90_000, 7_200_000, -3_600_000,
      ]);
    },
    pause: () => {
      const { world } = this.#sim;
      world.pausedUntil = world.timeline.now + world.chance.whole(1_000, 120_000);
    },
    "silent-source": () => {
      const { world, producers } = this.#sim;
      const producer = producers[world.chance.whole(0, producers.length - 1)];
      if (producer === undefined) return;
      producer.silentUntil = world.timeline.now + world.chance.whole(60_000, 3_600_000);
    },
    "poison-unit": () => {
      const { ledger, chance } = this.#sim.world;
      const jobs = [...ledger.jobs];
      const job = jobs[chance.whole(0, jobs.length - 1)];
      if (job !== undefined) this.refusedJobs.add(job);
    },
    "poison-fact": () => {
      const { producers, world } = this.#sim;
      this.defective = true;
      const producer = producers[world.chance.whole(0, producers.length - 1)];
      producer?.sayPoison();
    },
    "receiver-away": () => this.#sim.world.recipients.strike(),
    "unreadable-record": () => {
      const { world } = this.#sim;
      if (world.log.full) return;
      const partition = partitionOf([...world.ledger.jobs][0] ?? "0");
      const record = {
        partition,
        receivedAt: world.wall(),
        contract: "native" as const,
        sourceId: "source-0",
        bytes: new TextEncoder().encode("{"),
      };
      for (const one of world.log.append([record])) world.ledger.add(one);
    },
  };

  #replaceShard(hung: boolean): void {
    const { process, world } = this.#sim;
    process?.replace(world.chance.whole(0, process.shards.length - 1), hung);
  }

  #olderStore(): void {
    const { world, checks } = this.#sim;
    const copy = this.#copy;
    if (copy === null) return;
    this.#sim.restart(this.#sim.shards, () => {
      world.store.replace(copy);
      checks.restored();
    });
  }

  #copyStore(): void {
    const { world } = this.#sim;
    this.#copy = world.store.copy();
    world.timeline.after(COPY_EVERY_MS, "", () => this.#copyStore());
  }
}
