import type { PushChoice } from "../offline/kept.ts";

/** What `push.subscribe` is told. */
export interface SubscriptionInput {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly label: string;
  readonly isPrivate: boolean;
  /** IANA zone of this device's clock, in which it is told times. */
  readonly zone: string;
}

/** @throws Error when the browser gives no keys, which no browser with push does */
export function inputOf(
  subscription: PushSubscription,
  { label, isPrivate }: Pick<PushChoice, "label" | "isPrivate">,
): SubscriptionInput {
  const { endpoint, keys } = subscription.toJSON();
  const p256dh = keys?.["p256dh"];
  const auth = keys?.["auth"];
  if (endpoint === undefined || p256dh === undefined || auth === undefined) {
    throw new Error("The browser's subscription has no keys.");
  }
  const keysSent = { p256dh: unpadded(p256dh), auth: unpadded(auth) };
  return { endpoint, ...keysSent, label, isPrivate, zone: zoneHere() };
}

/** IANA zone of this device's clock, such as `Europe/Berlin`. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function unpadded(text: string): string {
  return text.replaceAll("=", "");
}
