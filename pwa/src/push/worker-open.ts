import { SERVER_PATHS } from "../offline/server-paths.ts";
import { PUSH_LIMITS as LIMITS } from "./limits.ts";
import type { WindowClientLike, WorkerScope } from "./worker-scope.ts";

/** What a window is asked, with a port for its answer: it goes to this path. */
export interface OpenRequest {
  readonly type: "open";
  /** Begins with one slash. */
  readonly path: string;
}

/**
 * Leads to a path of ours: in the app's window that is looked at, else in any other of them, else in a new one. One window is asked, so that the
 * others stay where they are; one that does not answer (it sleeps, or shows no screen of the app) is none. It is asked before it gets
 * the focus: browsers let a worker do one of the two, once after a tap.
 */
export async function openAt({ clients, location }: WorkerScope, path: string): Promise<void> {
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const windows = all.filter(({ url }) => isOurs(url, location.origin));
  const window = windows.find((one) => one.visibilityState === "visible") ?? windows[0];
  if (window !== undefined && (await goes(window, path))) {
    try {
      await window.focus();
      return;
    } catch {
      // Not allowed to take the focus: a window of its own is.
    }
  }
  await clients.openWindow(path);
}

function isOurs(address: string, origin: string): boolean {
  const url = new URL(address);
  return url.origin === origin && !SERVER_PATHS.test(url.pathname);
}

async function goes(window: WindowClientLike, path: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<boolean>((resolve) => {
    port1.addEventListener("message", () => resolve(true));
    port1.start();
    setTimeout(() => resolve(false), LIMITS.windowAnswersMs);
  });
  window.postMessage({ type: "open", path } satisfies OpenRequest, [port2]);
  const isGoing = await answered;
  port1.close();
  return isGoing;
}
