import { useSyncExternalStore } from "react";
import { askToPersist } from "./persist.ts";
import { runsInstalled } from "./support.ts";

/** Chromium's offer to install; the DOM's types do not have it. */
interface InstallOffer extends Event {
  prompt(): Promise<{ readonly outcome: "accepted" | "dismissed" }>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function changed(next: InstallOffer | null): void {
  offer = next;
  for (const listener of listeners) listener();
}

/** Keeps the browser's offer for a moment that suits. Call at boot: it comes once, and early. */
export function keepInstallOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    changed(event as InstallOffer);
  });
  window.addEventListener("appinstalled", () => {
    changed(null);
    void askToPersist();
  });
}

/** True while the browser would ask to install the app. */
export function useInstallOffer(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offer !== null && !runsInstalled(),
  );
}

/** An offer can be used once. */
export async function install(): Promise<void> {
  const used = offer;
  changed(null);
  await used?.prompt();
}
