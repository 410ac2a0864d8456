import { useSyncExternalStore } from "react";
import { Workbox } from "workbox-window";
import { onCommandsChanged } from "./offline/outgoing.ts";

const WORKER = "/sw.js";
/** A resumed page looks for a new version at most this often, ms. */
const RESUME_CHECK_MS = 300_000;
const CHECK_MS = 3_600_000;
/** iOS may not say that the new worker took over, ms. */
const RELOAD_ANYWAY_MS = 2_000;
/** A page that cannot load a part of itself is loaded anew at most this often, ms. */
const PRELOAD_RELOAD_MS = 60_000;
/** A page that is being left loses its parts, too, and must not come back: this much later it is gone, ms. */
const LEFT_AFTER_MS = 1_000;

let bridge: Workbox | null = null;
let isWaiting = false;
const listeners = new Set<() => void>();

/** Registers the service worker and looks for its updates. Only for the built app. */
export function startWorker(): void {
  reloadOnLostChunk();
  if (!("serviceWorker" in navigator)) return;
  const workbox = new Workbox(scriptUrl());
  bridge = workbox;
  workbox.addEventListener("waiting", () => {
    isWaiting = true;
    for (const listener of listeners) listener();
  });
  let checkedAt = Date.now();
  const check = (): void => {
    checkedAt = Date.now();
    // Offline, or the server is away: the next look finds it.
    workbox.update().catch(() => {});
  };
  setInterval(check, CHECK_MS);
  document.addEventListener("visibilitychange", () => {
    const isDue = Date.now() - checkedAt >= RESUME_CHECK_MS;
    if (document.visibilityState === "visible" && isDue) check();
  });
  workbox.register().catch(() => {});
  onCommandsChanged(() => {
    navigator.serviceWorker.controller?.postMessage({ type: "COMMANDS_CHANGED" });
  });
}

/** A new version has been loaded and waits to be taken. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isWaiting,
  );
}

/** Takes the new version: its worker takes over and the page is loaded anew. */
export function takeNewVersion(): void {
  bridge?.addEventListener("controlling", () => location.reload());
  setTimeout(() => location.reload(), RELOAD_ANYWAY_MS);
  bridge?.messageSkipWaiting();
}

/** A part that is gone from the server belongs to an old version of the page. */
function reloadOnLostChunk(): void {
  window.addEventListener("vite:preloadError", () => {
    const key = "batchwatch.reloadedAt";
    const reloadedAt = Number(sessionStorage.getItem(key) ?? 0);
    if (!navigator.onLine || Date.now() - reloadedAt < PRELOAD_RELOAD_MS) return;
    setTimeout(() => {
      sessionStorage.setItem(key, String(Date.now()));
      location.reload();
    }, LEFT_AFTER_MS);
  });
}

interface Policy {
  createScriptURL(url: string): unknown;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

/** The one script address that this page may hand to the browser. */
function scriptUrl(): string {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return WORKER;
  const policy = trustedTypes.createPolicy("batchwatch", {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError(`${url} is no script of this app`);
      return url;
    },
  });
  return policy.createScriptURL(WORKER) as string;
}
