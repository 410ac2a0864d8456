import { forgetAccess } from "../offline/access.ts";
import { deviceStore, keepIn } from "../offline/device-store.ts";
import { memoryStore } from "../offline/memory-store.ts";
import type { CallResult } from "../offline/post-call.ts";
import type {
  NotificationData,
  NotificationEventLike,
  PushEventLike,
  ShownNotification,
  WorkerScope,
} from "./worker-scope.ts";

interface Shown extends ShownNotification {
  readonly title: string;
}

export interface TestWindow {
  readonly url: string;
  visibilityState: DocumentVisibilityState;
  readonly goes: boolean;
  focused: boolean;
  readonly asked: unknown[];
}

/**
 * A service worker's surroundings for tests of its parts; `pwa/test` runs the real one in a real browser, which does not tell
 * what of it was run. Storage is the device store in memory, the server is a table of answers by procedure.
 */
export class TestWorker {
  readonly shown: Shown[] = [];
  readonly opened: string[] = [];
  readonly badges: number[] = [];
  readonly syncs: string[] = [];
  readonly calls: (readonly [path: string, input: unknown])[] = [];
  readonly answers: Map<string, CallResult["kind"] | { readonly data: object }> = new Map();
  /** Windows of this origin that are open. `goes`: it is a page of ours that answers. */
  windows: TestWindow[] = [];
  mayShow: boolean = true;
  mayFocus: boolean = true;
  /** The browser wakes the worker when the network is back. */
  hasSync: boolean = true;
  /** What the push service gives when it is asked for a new subscription. */
  next: PushSubscription | null = null;

  constructor() {
    keepIn(memoryStore());
    forgetAccess();
    globalThis.fetch = async (address, init) =>
      this.#answer(address instanceof Request ? address.url : address.toString(), init);
  }

  async signIn(): Promise<void> {
    await deviceStore.set("owner", { userId: "u", confirmed: true });
  }

  get scope(): WorkerScope {
    const registration = {
      scope: "https://watch.example/",
      showNotification: async (title: string, options: ShownNotification) => {
        if (!this.mayShow) throw new TypeError("No notification permission has been granted.");
        const others = this.shown.filter(({ tag }) => tag !== options.tag);
        this.shown.splice(0, this.shown.length, ...others, { title, ...options });
      },
      getNotifications: async () => this.shown,
      ...(this.hasSync && { sync: { register: async (tag: string) => this.syncs.push(tag) } }),
      pushManager: {
        subscribe: async () => this.next ?? Promise.reject(new Error("no push service")),
      },
    };
    return {
      location: { origin: "https://watch.example" },
      registration: registration as unknown as ServiceWorkerRegistration,
      clients: {
        matchAll: async () =>
          this.windows.map((one) => ({
            ...one,
            focus: async () => {
              if (!this.mayFocus) throw new TypeError("Not allowed to focus a window.");
              one.focused = true;
            },
            postMessage: (message: unknown, [port]: readonly Transferable[]) => {
              one.asked.push(message);
              if (one.goes) (port as MessagePort).postMessage("going");
            },
          })),
        openWindow: async (path) => {
          this.opened.push(path);
          return null;
        },
      },
      navigator: {
        setAppBadge: async (count: number) => this.badges.push(count),
      } as unknown as Navigator,
      skipWaiting: async () => {},
      addEventListener: () => {},
    };
  }

  pushed(text: string | null): PushEventLike {
    const data = text === null ? null : { text: () => text };
    return { data, waitUntil: () => {} } as unknown as PushEventLike;
  }

  /** The newest notification, tapped; `action`: by this button of it. */
  tapped(action = ""): NotificationEventLike {
    const newest = this.shown.at(-1);
    if (newest === undefined) throw new Error("nothing is shown");
    const close = (): void => {
      this.shown.splice(this.shown.indexOf(newest), 1);
    };
    const notification = { ...newest, close };
    return { notification, action, waitUntil: () => {} } as unknown as NotificationEventLike;
  }

  get data(): NotificationData | undefined {
    return this.shown.at(-1)?.data;
  }

  #answer(address: string, init: RequestInit | undefined): Response {
    if (address === "/auth/refresh") {
      return json(200, {
        accessToken: "a-token",
        expiresAt: new Date(Date.now() + 300_000).toISOString(),
      });
    }
    const path = address.replace(/^.*\/trpc\//, "");
    this.calls.push([path, JSON.parse(typeof init?.body === "string" ? init.body : "null")]);
    const answer = this.answers.get(path) ?? "later";
    if (typeof answer === "object") return json(200, { result: { data: answer.data } });
    if (answer === "answered") return json(200, { result: { data: {} } });
    if (answer === "signed-out") return refused(401, "UNAUTHORIZED", "Sign in.");
    if (answer === "refused") return refused(404, "NOT_FOUND", "No such incident.");
    throw new TypeError("Failed to fetch");
  }
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status });
}

function refused(status: number, code: string, message: string): Response {
  return json(status, { error: { message, data: { code } } });
}
