import type { Contender } from "./contender.ts";
import { JobActors } from "./job-actors.ts";
import { MapLoop } from "./map-loop.ts";
import { NactActors } from "./nact-actors.ts";
import { ShardCore } from "./shard-core.ts";
import { XstateMachines } from "./xstate-machines.ts";
import { XstateReducers } from "./xstate-reducers.ts";

export const CONTENDERS = {
  shard: (): Contender => new ShardCore(),
  "shard-saving": (): Contender => new ShardCore({ saving: true }),
  actors: (): Contender => new JobActors(),
  map: (): Contender => new MapLoop(),
  nact: (): Contender => new NactActors(),
  "xstate-machine": (): Contender => new XstateMachines(),
  "xstate-reducer": (): Contender => new XstateReducers(),
} as const;

export type ContenderName = keyof typeof CONTENDERS;
