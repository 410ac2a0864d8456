import { api } from "../trpc.ts";
import { currentSubscription } from "./current-subscription.ts";
import { endSubscription } from "./end-subscription.ts";
import { endpointHash } from "./subscription.ts";

/** Whether the server wakes the reader through this endpoint; also true where nobody can say. */
export async function isKnown(endpoint: string): Promise<boolean> {
  try {
    const devices = await api.push.devices.query();
    const hash = await endpointHash(endpoint);
    return devices.some((device) => device.endpointHash === hash);
  } catch {
    // The next opening asks again.
    return true;
  }
}

/**
 * Somebody is signed in whom this device did not know. Another's subscription ends. Where it knew nobody, what wakes the
 * reader stays: a phone may forget all else, and on some a new subscription needs a tap.
 * @param isReadable false: what is kept could not be read, so it may be the reader's own; the next opening looks again
 */
export async function endFormerSubscription(
  was: "other" | "nobody",
  isReadable: boolean,
): Promise<void> {
  if (was === "nobody") {
    if (!isReadable) return;
    const subscription = await currentSubscription();
    if (subscription === null || (await isKnown(subscription.endpoint))) return;
  }
  await endSubscription();
}
