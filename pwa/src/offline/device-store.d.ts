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
/** Every use after this goes to another store: where the browser allows none, or in a test. */
export declare function keepIn(store: DeviceStore): void;
/** This device's one store. Rejects where the browser allows none, unless {@link keepIn} named another. */
export declare const deviceStore: DeviceStore;
//# sourceMappingURL=device-store.d.ts.map
