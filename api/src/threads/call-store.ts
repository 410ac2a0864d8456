import type { Stores } from "@batchwatch/engine";
import type { StoreCall } from "./messages.ts";

/** Calls a store method by name; the names come from our own proxies, never from a client. */
export async function callStore(
  stores: Stores,
  call: Pick<StoreCall, "store" | "method" | "args">,
): Promise<unknown> {
  const store = stores[call.store as keyof Stores] as unknown as Record<
    string,
    (...args: readonly unknown[]) => Promise<unknown>
  >;
  const method = store[call.method];
  if (method === undefined) throw new Error(`No store method ${call.store}.${call.method}`);
  return method.apply(store, [...call.args]);
}
