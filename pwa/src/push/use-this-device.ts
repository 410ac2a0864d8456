import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { listen } from "../offline/channel.ts";
import { deviceStore } from "../offline/device-store.ts";
import { currentSubscription } from "./current-subscription.ts";
import { endpointHash } from "./subscription.ts";
import { type PushSupport, pushEnvironment, pushSupport } from "./support.ts";

export interface ThisDevice {
  readonly support: PushSupport;
  /** Of this browser's subscription; null: it cannot be woken. */
  readonly endpointHash: string | null;
  readonly isPrivate: boolean;
  /** The server's key that it subscribed under; null: it never did. */
  readonly key: string | null;
  /** It was on, and the push service ended it. */
  readonly isLost: boolean;
}

/** Whether this browser can be woken; undefined while that is looked up. Needs no network. */
export function useThisDevice(): {
  readonly device: ThisDevice | undefined;
  readonly lookAgain: () => Promise<unknown>;
} {
  const { data: device, refetch: lookAgain } = useQuery({
    queryKey: ["this-device"],
    queryFn: lookUp,
    networkMode: "always",
    staleTime: 0,
  });
  useEffect(
    () =>
      listen((message) => {
        if (message.type === "subscription") void lookAgain();
      }),
    [lookAgain],
  );
  return { device, lookAgain };
}

async function lookUp(): Promise<ThisDevice> {
  const [subscription, choice] = await Promise.all([
    currentSubscription(),
    deviceStore.get("push"),
  ]);
  const hash = subscription === null ? null : await endpointHash(subscription.endpoint);
  return {
    support: pushSupport(pushEnvironment()),
    endpointHash: choice === undefined ? null : hash,
    isPrivate: choice?.isPrivate ?? false,
    key: choice?.key ?? null,
    isLost: choice !== undefined && hash === null,
  };
}
