export interface SubscriberOptions {
  /** WebSocket address. */
  readonly url: string;
  readonly token: string;
  /** Called for each change with the time it was meant to be sent, epoch milliseconds. */
  readonly onChange: (sentAt: number) => void;
  /** The connection ended without having been closed here. */
  readonly onLost: () => void;
}

/** An open subscription. */
export interface Subscriber {
  close(this: void): void;
}
