import { cleanupOutdatedCaches, PrecacheController } from "workbox-precaching";
import { deviceStore } from "./offline/device-store.ts";
import { flush } from "./offline/outgoing.ts";
import { onNotificationClick, updateConfirmations } from "./push/worker-click.ts";
import { onPush } from "./push/worker-push.ts";
import type { WorkerScope } from "./push/worker-scope.ts";
import { onSubscriptionChange } from "./push/worker-subscription.ts";

/** The shell's files; the build puts them in. */
declare const __SHELL__: readonly { readonly url: string; readonly revision: string | null }[];

/** Addresses that are no page of ours. */
const SERVER = /^\/(trpc|api|auth|ack|health|metrics)(\/|$)/;
const worker = globalThis as unknown as WorkerScope;

const shell = new PrecacheController();
shell.precache([...__SHELL__]);
const page = shell.createHandlerBoundToURL("/index.html");
cleanupOutdatedCaches();
worker.addEventListener("install", (event) => event.waitUntil(shell.install(event)));
worker.addEventListener("activate", (event) => event.waitUntil(shell.activate(event)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && !SERVER.test(url.pathname)) {
    event.respondWith(page({ event, request, url }));
  } else if (shell.getCacheKeyForURL(request.url) !== undefined) {
    event.respondWith(shell.strategy.handle({ event, request }));
  }
});

// Only the page says when: an old page would ask for files that are gone.
worker.addEventListener("message", (event) => {
  const { data } = event;
  const isAsked = typeof data === "object" && data !== null && "type" in data;
  if (isAsked && data.type === "SKIP_WAITING") event.waitUntil(worker.skipWaiting());
});

worker.addEventListener("push", (event) => event.waitUntil(onPush(worker, event)));
worker.addEventListener("notificationclick", (event) =>
  event.waitUntil(onNotificationClick(worker, event)),
);
worker.addEventListener("pushsubscriptionchange", (event) =>
  event.waitUntil(onSubscriptionChange(worker, event)),
);
worker.addEventListener("sync", (event) => event.waitUntil(sendKept()));

async function sendKept(): Promise<void> {
  await flush(true);
  await updateConfirmations(worker.registration);
  // A sync that fails is tried again by the browser.
  const commands = (await deviceStore.get("commands")) ?? [];
  if (commands.some(({ state }) => state === "waiting")) throw new Error("not all sent");
}
