import type { LiveItem } from "@batchwatch/engine";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import type { AppRouter } from "batchwatch/router";
import { WebSocket } from "ws";
import { TICKS_PER_MS } from "../epoch-ms.ts";
import type { Subscriber, SubscriberOptions } from "./subscriber.ts";

function sentTimes(item: LiveItem): readonly number[] {
  if (item.type !== "changes") return [];
  return item.changes.flatMap((change) =>
    change.kind === "run" && change.progress !== null ? [change.progress.done / TICKS_PER_MS] : [],
  );
}

/** A screen as ours: the real client library, every item parsed. */
export function openPhone(options: SubscriberOptions): Promise<Subscriber> {
  const { url, token, onChange, onLost } = options;
  return new Promise((resolve, reject) => {
    const client = createWSClient({
      url,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      connectionParams: () => ({ token }),
      retryDelayMs: () => 1_000,
      onClose: onLost,
    });
    const trpc = createTRPCClient<AppRouter>({ links: [wsLink<AppRouter>({ client })] });
    const subscription = trpc.live.changes.subscribe(undefined, {
      onStarted: () => {
        resolve({
          close() {
            subscription.unsubscribe();
            void client.close();
          },
        });
      },
      onData: (tracked) => {
        for (const sentAt of sentTimes(tracked.data)) onChange(sentAt);
      },
      onError: reject,
    });
  });
}
