/** What pages and the service worker of this device tell one another. */
export type DeviceMessage =
  /** The kept commands changed. */
  | { readonly type: "commands" }
  /** A notification was shown, and the cards may have changed. */
  | { readonly type: "shown"; readonly notificationId: string | null }
  /** Somebody signed out, or another person signed in. */
  | { readonly type: "owner" }
  /** The push subscription of this device changed. */
  | { readonly type: "subscription" };

type Listener = (message: DeviceMessage) => void;

const listeners = new Set<Listener>();
let channel: BroadcastChannel | null = null;

/** Null where there is none, as in tests without a browser. */
function open(): BroadcastChannel | null {
  if (channel !== null || typeof BroadcastChannel === "undefined") return channel;
  channel = new BroadcastChannel("batchwatch");
  channel.addEventListener("message", (event: MessageEvent<DeviceMessage>) => {
    for (const listener of listeners) listener(event.data);
  });
  return channel;
}

/** Reaches every other page, and the service worker; not the one that says it. */
export function tell(message: DeviceMessage): void {
  open()?.postMessage(message);
}

export function listen(listener: Listener): () => void {
  open();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
