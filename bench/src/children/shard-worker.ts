import { workerData } from "node:worker_threads";
import type { ShardWorkerData } from "../deadlines/messages.ts";

/** Runs the server's own thread function of a shard, as its pool does. */
const { threadUrl, options } = workerData as ShardWorkerData;
const module = (await import(threadUrl)) as {
  readonly default: (
    given: ShardWorkerData["options"] & { readonly cells: Int32Array },
  ) => Promise<void>;
};
const { Heartbeats } = (await import(new URL("heartbeats.js", threadUrl).href)) as {
  readonly Heartbeats: new (threads: number) => { readonly cells: Int32Array };
};
await module.default({ ...options, cells: new Heartbeats(1).cells });
