import { deviceStore } from "../offline/device-store.ts";
import { currentSubscription, workerRegistration } from "./current-subscription.ts";

/** Ends this browser's subscription and takes its notifications away. */
export async function endSubscription(): Promise<void> {
  const registration = await workerRegistration();
  const subscription = await currentSubscription();
  await subscription?.unsubscribe().catch(() => false);
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
  await deviceStore.remove("push");
}
