import { tell } from "../offline/channel.ts";
import { deviceStore } from "../offline/device-store.ts";
import { postCall } from "../offline/post-call.ts";
import { inputOf } from "./subscription-input.ts";
import type { SubscriptionChangeEventLike, WorkerScope } from "./worker-scope.ts";

/**
 * The push service ended the subscription or gave another: subscribes anew and tells the server. What fails here is
 * done by the page when it is opened next.
 */
export async function onSubscriptionChange(
  worker: WorkerScope,
  event: SubscriptionChangeEventLike,
): Promise<void> {
  const [choice, owner] = await Promise.all([deviceStore.get("push"), deviceStore.get("owner")]);
  if (choice === undefined || owner?.confirmed !== true) return;
  await deviceStore.set("push", { ...choice, toldEndpoint: null });
  const gone = event.oldSubscription?.endpoint ?? choice.toldEndpoint;
  const subscription =
    event.newSubscription ??
    (await worker.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: choice.key,
    }));
  const input = inputOf(subscription, choice);
  const told = await postCall("push.subscribe", input);
  if (told.kind === "answered") {
    const { endpoint: toldEndpoint, zone } = input;
    await deviceStore.set("push", { ...choice, toldEndpoint, zone });
  }
  if (gone !== null && gone !== subscription.endpoint) {
    await postCall("push.unsubscribe", { endpoint: gone });
  }
  tell({ type: "subscription" });
}
