import { PUSH_LIMITS as LIMITS } from "./limits.ts";

/**
 * Subscribes under the server's key; one under another key is ended first.
 * @throws Error after {@link LIMITS.subscribeTimeoutMs}, or when the browser refuses
 */
export async function subscribe(
  registration: ServiceWorkerRegistration,
  key: string,
): Promise<PushSubscription> {
  const bytes = bytesOf(key);
  const known = await registration.pushManager.getSubscription();
  if (known !== null) {
    if (isSame(known.options.applicationServerKey, bytes)) return known;
    await known.unsubscribe();
  }
  return within(
    registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes }),
    LIMITS.subscribeTimeoutMs,
  );
}

/** @throws Error `timeout` when the work takes longer, ms */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), limitMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** SHA-256 of an endpoint in hex: how a browser finds itself among its owner's devices. */
export async function endpointHash(endpoint: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const binary = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function isSame(known: ArrayBuffer | null, wanted: Uint8Array): boolean {
  if (known === null || known.byteLength !== wanted.byteLength) return false;
  return new Uint8Array(known).every((byte, index) => byte === wanted[index]);
}
