import type { MessagePort } from "node:worker_threads";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries } from "@batchwatch/engine";
import { crossing, type StoreAnswer, type StoreCall } from "./messages.ts";
import { callStore } from "./call-store.ts";

/** The only writer of the store: runs the same stores as any process would, one call after the other. */
export default async function storeThread(options: { path: string; port: MessagePort }) {
  const { port } = options;
  const { stores, close } = await openStores({
    path: options.path,
    joinSummaries: joinStoredSummaries,
  });
  const send = (answer: StoreAnswer) => port.postMessage(answer);
  await new Promise<void>((resolve) => {
    port.on("message", (call: StoreCall | { readonly type: "stop" }) => {
      if ("type" in call) {
        resolve();
        return;
      }
      callStore(stores, call).then(
        (value) => send({ id: call.id, value }),
        (error: unknown) => send({ id: call.id, error: crossing(error) }),
      );
    });
    send({ id: 0, value: "ready" });
  });
  await close();
  port.close();
}
