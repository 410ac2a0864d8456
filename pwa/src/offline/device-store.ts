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

function indexedDbStore(store: UseStore): DeviceStore {
  return {
    get: (key) => get(key, store),
    set: (key, value) => set(key, value, store),
    update: (key, change) => update(key, change, store),
    remove: (...keys) => delMany([...keys], store),
    clear: () => clear(store),
  };
}

let current = indexedDbStore(createStore("batchwatch", "kept"));

/** Every use after this goes to another store: where the browser allows none, or in a test. */
export function keepIn(store: DeviceStore): void {
  current = store;
}

/** This device's one store. Rejects where the browser allows none, unless {@link keepIn} named another. */
export const deviceStore: DeviceStore = {
  get: async (key) => current.get(key),
  set: async (key, value) => current.set(key, value),
  update: async (key, change) => current.update(key, change),
  remove: async (...keys) => current.remove(...keys),
  clear: async () => current.clear(),
};
