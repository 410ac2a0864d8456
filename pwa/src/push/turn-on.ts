import type { MeView } from "batchwatch/router";
import { tell } from "../offline/channel.ts";
import { deviceStore } from "../offline/device-store.ts";
import { devicesQuery, meQuery, queryClient } from "../queries.ts";
import { api, errorCode } from "../trpc.ts";
import { currentSubscription } from "./current-subscription.ts";
import { isKnown } from "./known-subscription.ts";
import { PUSH_LIMITS as LIMITS } from "./limits.ts";
import { pairDevice } from "./pair-device.ts";
import { askToPersist } from "./persist.ts";
import { inputOf, zoneHere } from "./subscription-input.ts";
import { subscribe, within } from "./subscription.ts";
import {
  deviceLabel,
  isApplePhone,
  type PushSupport,
  pushEnvironment,
  pushSupport,
} from "./support.ts";

/** Why this device was not turned on; a code that has its words in push-words.ts. */
export type PushProblem =
  | Exclude<PushSupport, "ready">
  /** The question was closed without an answer. */
  | "not-answered"
  /** No service worker is active. */
  | "no-worker"
  /** The browser's push service does not answer. */
  | "unreachable"
  /** The server does not send to this push service. */
  | "endpoint-refused"
  /** The server has no push keys, or push is not among its channels. */
  | "switched-off"
  | "network"
  | "server";

/** Call from a tap, with nothing awaited before: phones ask only then. Null: this device can be woken now. */
export async function turnOn(isPrivate: boolean): Promise<PushProblem | null> {
  const support = pushSupport(pushEnvironment());
  if (support !== "ready") return support;
  const permission = await Notification.requestPermission();
  if (permission === "denied") return "denied";
  if (permission !== "granted") return "not-answered";
  void askToPersist();
  return subscribeAndTell(isPrivate);
}

async function subscribeAndTell(isPrivate: boolean): Promise<PushProblem | null> {
  let key: string | null;
  try {
    key = (await api.push.publicKey.query()).key;
  } catch (error) {
    return problemOf(error);
  }
  if (key === null) return "switched-off";
  let registration: ServiceWorkerRegistration;
  try {
    registration = await within(navigator.serviceWorker.ready, LIMITS.subscribeTimeoutMs);
  } catch {
    return "no-worker";
  }
  try {
    await subscribe(registration, key);
  } catch {
    return Notification.permission === "denied" ? "denied" : "unreachable";
  }
  return tellServer(isPrivate, key);
}

/** Tells the server of this browser's subscription as it is now. */
export async function tellServer(isPrivate: boolean, key: string): Promise<PushProblem | null> {
  const subscription = await currentSubscription();
  if (subscription === null) return "unreachable";
  const label = deviceLabel(navigator.userAgent, navigator.maxTouchPoints);
  const choice = { label, isPrivate };
  const input = inputOf(subscription, choice);
  try {
    await api.push.subscribe.mutate(input);
  } catch (error) {
    return problemOf(error);
  }
  const { endpoint: toldEndpoint, zone } = input;
  await deviceStore.set("push", { ...choice, key, toldEndpoint, zone });
  tell({ type: "subscription" });
  void queryClient.invalidateQueries({ queryKey: devicesQuery().queryKey });
  const me = queryClient.getQueryData<MeView>(meQuery().queryKey);
  // A device that wakes its owner can be answered from, signed in or not.
  if (me !== undefined) void pairOnce(me);
  return null;
}

/**
 * Once an app's opening and after each sign-in: a subscription that the server does not know, or knows otherwise, is told again; a lost one is
 * made anew where no tap is needed for that. Push services end subscriptions without a word.
 * @param isNewSession it is told in any case: it ends with the session in which the server was told of it last, and that one is over
 */
export async function checkSubscription(isNewSession: boolean): Promise<void> {
  const choice = await deviceStore.get("push");
  if (choice === undefined || pushSupport(pushEnvironment()) !== "ready") return;
  if (Notification.permission !== "granted") return;
  // What fails now is then told at the next opening.
  const told = isNewSession ? null : choice.toldEndpoint;
  if (isNewSession) {
    // A full phone keeps nothing; the server is told all the same.
    await deviceStore.set("push", { ...choice, toldEndpoint: told }).catch(() => {});
  }
  const subscription = await currentSubscription();
  if (subscription === null) {
    const needsTap = isApplePhone(navigator.userAgent, navigator.maxTouchPoints);
    if (!needsTap) await subscribeAndTell(choice.isPrivate);
    return;
  }
  const isTold = subscription.endpoint === told && choice.zone === zoneHere();
  if (isTold && (await isKnown(subscription.endpoint))) return;
  await tellServer(choice.isPrivate, choice.key);
}

async function pairOnce(me: MeView): Promise<void> {
  if ((await deviceStore.get("device"))?.userId !== me.userId) await pairDevice(me);
}

function problemOf(error: unknown): PushProblem {
  const code = errorCode(error);
  if (code === "NETWORK") return "network";
  return code === "BAD_REQUEST" ? "endpoint-refused" : "server";
}
