import { workerData } from "node:worker_threads";
import type { ShardWorkerData } from "../deadlines/messages.ts";

/** Runs the server's own thread function of a shard, as its pool does. */
const { threadUrl, options } = workerData as ShardWorkerData;
const module = (await import(threadUrl)) as {
  readonly default: (given: ShardWorkerData["options"]) => Promise<void>;
};
await module.default(options);
