import { deviceStore } from "../offline/device-store.ts";
import { api, errorCode } from "../trpc.ts";
import { currentSubscription, workerRegistration } from "./current-subscription.ts";

/** Tells the server not to wake this device any more. False when nobody could be told. */
export async function tellServerToForget(): Promise<boolean> {
  const subscription = await currentSubscription();
  if (subscription === null) return true;
  try {
    await api.push.unsubscribe.mutate({ endpoint: subscription.endpoint });
    return true;
  } catch (error) {
    // A subscription that the browser ends is gone for the server, too: its next message is answered 410.
    return errorCode(error) !== "NETWORK";
  }
}

/** Ends this browser's subscription and takes its notifications away. */
export async function endSubscription(): Promise<void> {
  const registration = await workerRegistration();
  const subscription = await currentSubscription();
  await subscription?.unsubscribe().catch(() => false);
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
  await deviceStore.remove("push");
}
