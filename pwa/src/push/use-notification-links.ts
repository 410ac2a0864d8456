import { useEffect } from "react";
import { useLocation, useSearch } from "wouter";
import { deviceStore } from "../offline/device-store.ts";
import { flush } from "../offline/outgoing.ts";
import { withReceipt } from "../offline/receipts.ts";
import type { OpenRequest } from "./worker-open.ts";

const ID = /^[A-Za-z0-9-]{1,64}$/;

/** Follows taps on notifications, and notes which of them was opened (`?n=<notificationId>`). */
export function useNotificationLinks(): void {
  const [location, navigate] = useLocation();
  const search = useSearch();
  useEffect(() => {
    const container = (navigator as Partial<Navigator>).serviceWorker;
    const follow = ({ data, ports }: MessageEvent<Partial<OpenRequest> | null>): void => {
      if (data?.type !== "open" || !/^\/(?!\/)/.test(data.path ?? "")) return;
      navigate(data.path ?? "/");
      ports[0]?.postMessage("going");
    };
    container?.addEventListener("message", follow);
    return () => container?.removeEventListener("message", follow);
  }, [navigate]);
  useEffect(() => {
    const parameters = new URLSearchParams(search);
    const notificationId = parameters.get("n");
    if (notificationId === null) return;
    parameters.delete("n");
    const rest = parameters.toString();
    navigate(rest === "" ? location : `${location}?${rest}`, { replace: true });
    if (ID.test(notificationId)) void noteSeen(notificationId);
  }, [location, search, navigate]);
}

async function noteSeen(notificationId: string): Promise<void> {
  const receipt = { notificationId, kind: "seen", at: Date.now() } as const;
  await deviceStore.update("receipts", (receipts = []) => withReceipt(receipts, receipt));
  await flush(true);
}
