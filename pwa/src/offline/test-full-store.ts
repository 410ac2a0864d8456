import type { DeviceStore } from "./device-store.ts";
import type { Kept } from "./kept.ts";
import { memoryStore } from "./memory-store.ts";

/** A device's store for tests that gives what it has and, while it is full, takes nothing more. */
export class FullStore implements DeviceStore {
  /** The board fills it: without that there is room again. */
  isFull: boolean = false;
  /** What there is no room for, while there is for all else. */
  tooLarge: keyof Kept | null = null;
  readonly #store = memoryStore();
  readonly get: DeviceStore["get"] = (key) => this.#store.get(key);
  readonly set: DeviceStore["set"] = async (key, value) => {
    this.#takeIn(key);
    await this.#store.set(key, value);
  };
  readonly update: DeviceStore["update"] = async (key, change) => {
    // As the browser does it: the change is worked out, and its writing fails.
    if (this.isFull) change(await this.#store.get(key));
    this.#takeIn(key);
    await this.#store.update(key, change);
  };
  readonly remove: DeviceStore["remove"] = async (...keys) => {
    await this.#store.remove(...keys);
    if (keys.includes("board")) this.isFull = false;
  };
  readonly clear: DeviceStore["clear"] = () => this.#store.clear();

  #takeIn(key: keyof Kept): void {
    if (this.isFull || key === this.tooLarge)
      throw new DOMException("The device is full.", "QuotaExceededError");
  }
}
