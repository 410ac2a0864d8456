import { clear, createStore, delMany, get, set, update, type UseStore } from "idb-keyval";
import { holdingCommands } from "./held-commands.ts";
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

/** Phones lose the connection to their own storage without a word: what fails is tried once more over a new one. */
export function indexedDbStore(connect: () => UseStore): DeviceStore {
  let store = connect();
  const tried = async <T>(use: (store: UseStore) => Promise<T>): Promise<T> => {
    const first = store;
    try {
      return await use(first);
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") throw error;
      if (store === first) store = connect();
      return use(store);
    }
  };
  return {
    get: (key) => tried((at) => get(key, at)),
    set: (key, value) => tried((at) => set(key, value, at)),
    update: (key, change) => tried((at) => update(key, change, at)),
    remove: (...keys) => tried((at) => delMany([...keys], at)),
    clear: () => tried((at) => clear(at)),
  };
}

let current = holdingCommands(indexedDbStore(() => createStore("batchwatch", "kept")));

/** Every use after this goes to another store: where the browser allows none, or in a test. */
export function keepIn(store: DeviceStore): void {
  current = holdingCommands(store);
}

/**
 * This device's one store. Rejects where the browser allows none, unless {@link keepIn} named another, and where it refuses;
 * commands are taken in any case.
 */
export const deviceStore: DeviceStore = {
  get: async (key) => current.get(key),
  set: async (key, value) => current.set(key, value),
  update: async (key, change) => current.update(key, change),
  remove: async (...keys) => current.remove(...keys),
  clear: async () => current.clear(),
};
