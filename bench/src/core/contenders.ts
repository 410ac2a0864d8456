import { KnownJobs } from "../scale/known-jobs.ts";
import type { Contender } from "./contender.ts";
import { JobActors } from "./job-actors.ts";
import { MapLoop } from "./map-loop.ts";
import { NactActors } from "./nact-actors.ts";
import { ShardCore } from "./shard-core.ts";
import { XstateMachines } from "./xstate-machines.ts";
import { XstateReducers } from "./xstate-reducers.ts";

/** What is known before the first fact. */
export interface Before {
  readonly jobs: number;
  /** Epoch milliseconds of the first fact. */
  readonly startsAt: number;
}

export const CONTENDERS = {
  shard: (): Contender => new ShardCore(),
  /** Every job has as many past runs as it remembers: a night after months of nights. */
  "shard-history": ({ jobs, startsAt }: Before): Contender =>
    new ShardCore({ saving: true, known: new KnownJobs(startsAt).pages(jobs) }),
  "shard-saving": (): Contender => new ShardCore({ saving: true }),
  actors: (): Contender => new JobActors(),
  map: (): Contender => new MapLoop(),
  nact: (): Contender => new NactActors(),
  "xstate-machine": (): Contender => new XstateMachines(),
  "xstate-reducer": (): Contender => new XstateReducers(),
} as const;

export type ContenderName = keyof typeof CONTENDERS;
