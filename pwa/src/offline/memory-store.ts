import { type DeviceStore, deviceStore, keepIn } from "./device-store.ts";
import type { Kept } from "./kept.ts";

/** For tests, and for a browser that allows no storage: it then lasts as long as the page. */
export function memoryStore(): DeviceStore {
  const kept = new Map<string, unknown>();
  return {
    get: async <K extends keyof Kept>(key: K) => kept.get(key) as Kept[K] | undefined,
    set: async (key, value) => void kept.set(key, structuredClone(value)),
    update: async <K extends keyof Kept>(
      key: K,
      change: (before: Kept[K] | undefined) => Kept[K],
    ) => void kept.set(key, structuredClone(change(kept.get(key) as Kept[K] | undefined))),
    remove: async (...keys) => {
      for (const key of keys) kept.delete(key);
    },
    clear: async () => kept.clear(),
  };
}

/**
 * Keeps in memory from now on if the browser allows no storage: nothing then outlives the page.
 * @returns whether what is kept on this device can be read
 */
export async function keepSomewhere(): Promise<boolean> {
  try {
    await deviceStore.get("owner");
    return true;
  } catch {
    keepIn(memoryStore());
    return false;
  }
}
