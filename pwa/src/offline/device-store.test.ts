import type { UseStore } from "idb-keyval";
import { afterEach, describe, expect, it, vi } from "vitest";
import { indexedDbStore, keepIn } from "./device-store.ts";
import { keepSomewhere, memoryStore } from "./memory-store.ts";

const failing =
  (name: string): UseStore =>
  () =>
    Promise.reject(new DOMException("gone", name));
const answering =
  (value: unknown): UseStore =>
  async () =>
    value as never;

describe("this device's own storage", () => {
  it("is tried once more over a new connection, as phones lose it without a word", async () => {
    const connections = [failing("UnknownError"), answering("here"), failing("UnknownError")];
    const connect = vi.fn<() => UseStore>(() => connections.shift() ?? failing("UnknownError"));
    const store = indexedDbStore(connect);
    expect(await Promise.all([store.get("owner"), store.get("me")])).toEqual(["here", "here"]);
    expect(connect).toHaveBeenCalledTimes(2);
  });

  it("is not tried again when it is full", async () => {
    const connect = vi.fn<() => UseStore>(() => failing("QuotaExceededError"));
    await expect(indexedDbStore(connect).set("boardConfirmed", { of: 1, at: 2 })).rejects.toThrow(
      "gone",
    );
    expect(connect).toHaveBeenCalledTimes(1);
  });

  describe("that cannot be read", () => {
    afterEach(() => keepIn(memoryStore()));
    it("is told apart from one that is empty", async () => {
      keepIn(memoryStore());
      expect(await keepSomewhere()).toBe(true);
      keepIn(indexedDbStore(() => failing("UnknownError")));
      expect(await keepSomewhere()).toBe(false);
      expect(await keepSomewhere()).toBe(true);
    });
  });
});
