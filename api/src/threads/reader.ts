import { openStores } from "@batchwatch/db";
import type { Stores } from "@batchwatch/engine";
import { sealPrototypes } from "../sealed-prototypes.ts";
import { callStore } from "./call-store.ts";
import type { StoreCall } from "./messages.ts";

const opened = new Map<string, Promise<{ stores: Stores }>>();

/** Stateless but for its read-only connection: runs one bounded query and answers. */
export default async function read(task: {
  path: string;
  call: Pick<StoreCall, "store" | "method" | "args">;
}): Promise<unknown> {
  sealPrototypes();
  let stores = opened.get(task.path);
  if (stores === undefined) {
    stores = openStores({ path: task.path, readonly: true, joinSummaries: neverJoins });
    opened.set(task.path, stores);
  }
  return callStore((await stores).stores, task.call);
}

function neverJoins(): never {
  throw new Error("A reader never saves.");
}
