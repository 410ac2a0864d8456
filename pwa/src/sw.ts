import { deviceStore } from "./offline/device-store.ts";
import { flush } from "./offline/outgoing.ts";
import { SERVER_PATHS } from "./offline/server-paths.ts";
import { ShellCache } from "./offline/shell-cache.ts";
import { onNotificationClick, updateConfirmations } from "./push/worker-click.ts";
import { onPush } from "./push/worker-push.ts";
import type { WorkerScope } from "./push/worker-scope.ts";
import { onSubscriptionChange } from "./push/worker-subscription.ts";

/** The shell's files; the build puts them in. */
declare const __SHELL__: readonly string[];

const worker = globalThis as unknown as WorkerScope;

const shell = new ShellCache(__SHELL__, caches);
worker.addEventListener("install", (event) => event.waitUntil(shell.install()));
worker.addEventListener("activate", (event) => event.waitUntil(shell.activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate" && !SERVER_PATHS.test(pathname)) {
    event.respondWith(shell.respond("/index.html"));
  } else if (shell.has(pathname)) {
    event.respondWith(shell.respond(pathname));
  }
});

worker.addEventListener("message", (event) => {
  const { data } = event;
  const type = typeof data === "object" && data !== null && "type" in data ? data.type : null;
  // Only the page says when: an old page would ask for files that are gone.
  if (type === "SKIP_WAITING") event.waitUntil(worker.skipWaiting());
  // The page has sent some of them, and a notification may say "Not sent yet" about one.
  if (type === "COMMANDS_CHANGED") event.waitUntil(updateConfirmations(worker.registration));
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
