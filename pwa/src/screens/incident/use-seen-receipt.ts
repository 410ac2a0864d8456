import { useEffect } from "react";
import { api, errorCode } from "../../trpc.ts";

/** Notifications whose opening was reported from this page. */
const reported = new Set<string>();

/**
 * Reports the notification in the address as seen, once its incident is shown, and takes it out of the address.
 * Without a network it is reported when there is one again, as long as this page lives.
 */
export function useSeenReceipt(isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return;
    const url = new URL(location.href);
    const notificationId = url.searchParams.get("n");
    if (notificationId === null) return;
    url.searchParams.delete("n");
    history.replaceState(history.state, "", url);
    if (notificationId === "" || reported.has(notificationId)) return;
    reported.add(notificationId);
    void report(notificationId);
  }, [isShown]);
}

async function report(notificationId: string): Promise<void> {
  try {
    await api.push.receipt.mutate({ notificationId, kind: "seen" });
  } catch (error) {
    if (errorCode(error) !== "NETWORK") return;
    window.addEventListener("online", () => void report(notificationId), { once: true });
  }
}
