import { JobActor } from "../jobs/job-actor.ts";
import { readJobState, type JobMemory } from "../jobs/job-state.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import { newJobMemory } from "../jobs/new-job-memory.ts";
import type { Observation } from "../model/fact.ts";
import { partitionOf } from "../model/ids.ts";
import type { RunRow } from "../model/rows.ts";
import type { RecentRun, StoredJobState } from "../ports/stores.ts";
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

  /** Null: its newest runs must come with it [UNIT-7]. */
  load(stored: StoredJobState): JobActor | null {
    const memory = readJobState(stored);
    if (stored.position !== undefined) this.saved.put(stored.job.jobId, stored.position);
    return memory === null ? null : this.#add(stored.partition, memory);
  }

  /** The job's actor; a new one when this is the first word of it. */
  of(fact: Observation, sourceId: string): JobActor {
    const known = this.get(fact.jobId);
    return known ?? this.#add(partitionOf(fact.jobId), newJobMemory(fact, sourceId));
  }

  /** Rows of stored runs that the jobs' memory has forgotten. */
  recall(runs: readonly RecentRun[]): RunRow[] {
    return runs.flatMap((run) => this.get(run.jobId)?.recall(run) ?? []);
  }

  #add(partition: number, memory: JobMemory): JobActor {
    const actor = this.#make(partition, memory, this.#world);
    this.set(actor.jobId, actor);
    return actor;
  }
}
