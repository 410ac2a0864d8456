/** What pages and the service worker of this device tell one another. */
export type DeviceMessage =
  /** The kept commands changed. */
  | {
      readonly type: "commands";
    }
  /** A notification was shown, and the cards may have changed. */
  | {
      readonly type: "shown";
      readonly notificationId: string | null;
    }
  /** A notification was tapped; the path begins with one slash. */
  | {
      readonly type: "open";
      readonly path: string;
    }
  /** Somebody signed out, or another person signed in. */
  | {
      readonly type: "owner";
    }
  /** The push subscription of this device changed. */
  | {
      readonly type: "subscription";
    };
type Listener = (message: DeviceMessage) => void;
/** Reaches every other page, and the service worker; not the one that says it. */
export declare function tell(message: DeviceMessage): void;
export declare function listen(listener: Listener): () => void;
export {};
//# sourceMappingURL=channel.d.ts.map
