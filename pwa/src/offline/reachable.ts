import { onlineManager } from "@tanstack/react-query";
import type { LiveState } from "../live/live-store.ts";
import { liveStore } from "../live/use-live.ts";

/**
 * Whether asking the server has a chance. An open socket or a snapshot proves it, whatever the browser says; without
 * one, a call that nobody answered counts for more than the browser's word (captive portals, a dead access point).
 */
export function isReachable({ link, polling, online, errorCode }: LiveState): boolean {
  if (link === "open" || polling) return true;
  return online && errorCode !== "NETWORK";
}

/** From now on queries pause and resume with the board's connection. Call once, at boot. */
export function followConnection(): void {
  onlineManager.setOnline(navigator.onLine);
  onlineManager.setEventListener((setOnline) => {
    const follow = (): void => setOnline(isReachable(liveStore.get()));
    const followBrowser = (): void => {
      liveStore.patch({ online: navigator.onLine });
    };
    window.addEventListener("online", followBrowser);
    window.addEventListener("offline", followBrowser);
    const unsubscribe = liveStore.subscribe(follow);
    followBrowser();
    return () => {
      window.removeEventListener("online", followBrowser);
      window.removeEventListener("offline", followBrowser);
      unsubscribe();
    };
  });
}
