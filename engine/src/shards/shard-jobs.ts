import { JobActor } from "../jobs/job-actor.ts";
import { readJobState, type JobMemory } from "../jobs/job-state.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import { newJobMemory } from "../jobs/new-job-memory.ts";
import type { Observation, PositionedRecord } from "../model/fact.ts";
import { partitionOf } from "../model/ids.ts";
import type { RunRow } from "../model/rows.ts";
import type { KeptLetter, RecentRun, StoredJobState } from "../ports/stores.ts";
import { SavedPositions } from "./saved-positions.ts";

export type MakeActor = (partition: number, memory: JobMemory, world: JobWorld) => JobActor;

/** The actors of a shard's jobs, by job id. */
export class ShardJobs extends Map<string, JobActor> {
  readonly #world: JobWorld;
  readonly #make: MakeActor;
  /** Of those that were loaded. */
  readonly saved: SavedPositions = new SavedPositions();

  constructor(
    world: JobWorld,
    make: MakeActor = (partition, memory) => new JobActor(partition, memory, world),
  ) {
    super();
    this.#world = world;
    this.#make = make;
  }

  /** Null: its newest runs must come with it [UNIT-7]. Throws where they came and cannot be read either. */
  load(stored: StoredJobState): JobActor | null {
    if (stored.position !== undefined) this.saved.put(stored.job.jobId, stored.position);
    try {
      const memory = readJobState(stored);
      return memory === null ? null : this.#add(stored.partition, memory);
    } catch (error) {
      if (stored.newestRuns === undefined) return null;
      throw error;
    }
  }

  /** The job's actor; a new one when this is the first word of it. */
  of(fact: Observation, sourceId: string): JobActor {
    const known = this.get(fact.jobId);
    return known ?? this.#add(partitionOf(fact.jobId), newJobMemory(fact, sourceId));
  }

  /** Applies a fact that could not be applied before. Throws where it still cannot be. */
  applyLetter(letter: KeptLetter): JobActor {
    const fact = JSON.parse(letter.body) as Observation;
    const contract = letter.contract as PositionedRecord["contract"];
    const actor = this.of(fact, letter.sourceId);
    actor.apply(fact, { ...letter, contract, position: 0, bytes: new Uint8Array() });
    return actor;
  }

  /** Rows of stored runs that the jobs' memory has forgotten. `failed`: one of this job's runs cannot be read. */
  recall(runs: readonly RecentRun[], failed: (actor: JobActor, error: unknown) => void): RunRow[] {
    return runs.flatMap((run) => {
      const actor = this.get(run.jobId);
      try {
        return actor?.recall(run) ?? [];
      } catch (error) {
        if (actor !== undefined) failed(actor, error);
        return [];
      }
    });
  }

  #add(partition: number, memory: JobMemory): JobActor {
    const actor = this.#make(partition, memory, this.#world);
    this.set(actor.jobId, actor);
    return actor;
  }
}
