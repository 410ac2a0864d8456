import type { MessagePort } from "node:worker_threads";
import { openStores } from "@batchwatch/db";
import { joinStoredSummaries, type RetainedKind, type Stores } from "@batchwatch/engine";
import { callStore } from "./call-store.ts";
import { keepUp } from "./keep-up.ts";
import { lastingThread, type ThreadLink } from "./lasting-thread.ts";
import {
  crossing,
  STORE_READY,
  STORE_UPKEEP,
  type StoreAnswer,
  type StoreCall,
} from "./messages.ts";

interface StoreOptions extends ThreadLink {
  readonly path: string;
  /** What the audit trail is sealed with; bytes, since a Buffer does not stay one on its way here. */
  readonly auditKey: Uint8Array;
  readonly retentionDays: Readonly<Record<RetainedKind, number>>;
}

/** The only writer of the store: runs the same stores as any process would, one call after the other. */
export default function storeThread(options: StoreOptions): Promise<void> {
  return lastingThread(options, async (port) => {
    const { stores, close } = await openStores({
      path: options.path,
      auditKey: Buffer.from(options.auditKey),
      joinSummaries: joinStoredSummaries,
    });
    const stopUpkeep = keepUp(stores, options.retentionDays, (value) =>
      port.postMessage({ id: STORE_UPKEEP, value }),
    );
    try {
      await new Promise<void>((resolve) => {
        serve(stores, port, resolve);
      });
    } finally {
      stopUpkeep();
      await close();
    }
  });
}

function serve(stores: Stores, port: MessagePort, stopped: () => void): void {
  const send = (answer: StoreAnswer) => port.postMessage(answer);
  port.on("message", (call: StoreCall | { readonly type: "stop" }) => {
    if ("type" in call) {
      stopped();
      return;
    }
    callStore(stores, call).then(
      (value) => send({ id: call.id, value }),
      (error: unknown) => send({ id: call.id, error: crossing(error) }),
    );
  });
  send({ id: STORE_READY, value: null });
}
