/** The slice of a service worker's scope that ours uses; the DOM's types do not have it. */
export interface ExtendableEventLike extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface PushEventLike extends ExtendableEventLike {
  readonly data: { text(): string } | null;
}

export interface NotificationEventLike extends ExtendableEventLike {
  readonly notification: Notification;
  /** The button's name; empty for the notification itself. */
  readonly action: string;
}

export interface SubscriptionChangeEventLike extends ExtendableEventLike {
  readonly oldSubscription?: PushSubscription | null;
  readonly newSubscription?: PushSubscription | null;
}

export interface MessageEventLike extends ExtendableEventLike {
  readonly data: unknown;
}

export interface WindowClientLike {
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  postMessage(message: unknown, transfer: readonly Transferable[]): void;
  focus(): Promise<unknown>;
}

export interface FetchEventLike extends ExtendableEventLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface WorkerEvents {
  readonly install: ExtendableEventLike;
  readonly activate: ExtendableEventLike;
  readonly fetch: FetchEventLike;
  readonly push: PushEventLike;
  readonly notificationclick: NotificationEventLike;
  readonly pushsubscriptionchange: SubscriptionChangeEventLike;
  readonly message: MessageEventLike;
  /** The network is back; Chromium only. */
  readonly sync: ExtendableEventLike;
}

export interface WorkerScope {
  readonly location: { readonly origin: string };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: {
      readonly type: "window";
      readonly includeUncontrolled: boolean;
    }): Promise<readonly WindowClientLike[]>;
    openWindow(url: string): Promise<WindowClientLike | null>;
  };
  readonly navigator: Navigator;
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof WorkerEvents>(
    type: K,
    listener: (event: WorkerEvents[K]) => void,
  ): void;
}

/** What the DOM's types leave out of what a notification may say. */
export interface ShownNotification extends NotificationOptions {
  readonly actions?: readonly { readonly action: string; readonly title: string }[];
  readonly renotify?: boolean;
  readonly timestamp?: number;
  /** Where a tap leads without the worker, where browsers know that (Declarative Web Push): on iOS that is the sure way. */
  readonly navigate: string;
  readonly data: NotificationData;
}

/** Travels with a shown notification, so that a tap needs nothing else. */
export interface NotificationData {
  /** Begins with one slash. */
  readonly path: string;
  readonly notificationId: string | null;
  readonly incidentId: string | null;
  readonly title: string;
  /** Of an acknowledgement by its button that was not answered when it was shown. */
  readonly commandId: string | null;
}
