import { vi } from "vitest";

/** The endpoint of what {@link allowPush} gives. */
export const ENDPOINT = "https://push.example/this-one";

/** For tests: a browser that was allowed to show notifications and has a subscription. Undone by `vi.unstubAllGlobals`. */
export function allowPush(): void {
  let isEnded = false;
  const subscription = {
    endpoint: ENDPOINT,
    unsubscribe: async () => {
      isEnded = true;
      return true;
    },
    options: { applicationServerKey: new Uint8Array([0]).buffer },
    toJSON: () => ({ endpoint: ENDPOINT, keys: { p256dh: "p", auth: "a" } }),
  };
  const pushManager = {
    getSubscription: async () => (isEnded ? null : subscription),
    subscribe: async () => {
      isEnded = false;
      return subscription;
    },
  };
  const registration = { pushManager, getNotifications: async () => [] };
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("PushManager", {});
  vi.stubGlobal("Notification", {
    permission: "granted",
    requestPermission: async () => "granted",
  });
  vi.stubGlobal("navigator", {
    userAgent: "Mozilla/5.0 (Linux; Android 15) Chrome/140.0",
    maxTouchPoints: 5,
    onLine: true,
    serviceWorker: {
      getRegistration: async () => registration,
      ready: Promise.resolve(registration),
    },
  });
}
