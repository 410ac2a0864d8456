import { clear, createStore, delMany, get, set, update, type UseStore } from "idb-keyval";
import type { Kept } from "./kept.ts";

/** Key and value on this device. `update` is atomic, also against other tabs and the service worker. */
export interface DeviceStore {
  get<K extends keyof Kept>(key: K): Promise<Kept[K] | undefined>;
  set<K extends keyof Kept>(key: K, value: Kept[K]): Promise<void>;
  update<K extends keyof Kept>(
    key: K,
    change: (before: Kept[K] | undefined) => Kept[K],
  ): Promise<void>;
  remove(...keys: readonly (keyof Kept)[]): Promise<void>;
  clear(): Promise<void>;
}

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

function indexedDbStore(store: UseStore): DeviceStore {
  return {
    get: (key) => get(key, store),
    set: (key, value) => set(key, value, store),
    update: (key, change) => update(key, change, store),
    remove: (...keys) => delMany([...keys], store),
    clear: () => clear(store),
  };
}

const fallback = memoryStore();
let opened: Promise<DeviceStore> | null = null;

/** Opened on first use. A database that cannot be opened is not asked again. */
async function open(): Promise<DeviceStore> {
  try {
    const store = createStore("batchwatch", "kept");
    await get("owner", store);
    return indexedDbStore(store);
  } catch {
    return fallback;
  }
}

function device(): Promise<DeviceStore> {
  opened ??= open();
  return opened;
}

/** This device's one store. */
export const deviceStore: DeviceStore = {
  get: async (key) => (await device()).get(key),
  set: async (key, value) => (await device()).set(key, value),
  update: async (key, change) => (await device()).update(key, change),
  remove: async (...keys) => (await device()).remove(...keys),
  clear: async () => (await device()).clear(),
};
