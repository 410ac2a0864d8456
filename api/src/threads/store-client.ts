import type { MessagePort } from "node:worker_threads";
import type { Stores } from "@batchwatch/engine";
import { crossed, type StoreAnswer } from "./messages.ts";

type Call = (store: string, method: string, args: readonly unknown[]) => Promise<unknown>;

/** Stores whose methods are sent through `call`. Every method of a store is asynchronous, so nothing else is needed. */
export function storesOver(call: Call): Stores {
  const store = (name: string) =>
    new Proxy(
      {},
      {
        get: (_target, method) =>
          typeof method === "symbol" || method === "then"
            ? undefined
            : (...args: readonly unknown[]) => call(name, method, args),
      },
    );
  const names: Record<keyof Stores, true> = {
    partitions: true,
    units: true,
    jobs: true,
    runs: true,
    identity: true,
    sources: true,
    service: true,
    letters: true,
  };
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, store(name)]),
  ) as unknown as Stores;
}

/** The main thread's end of the store thread. When the thread dies every pending call fails with the cause. */
export class StoreClient {
  readonly stores: Stores;
  readonly ready: Promise<void>;
  readonly #port: MessagePort;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #nextId = 1;
  #dead: Error | null = null;

  constructor(port: MessagePort) {
    this.#port = port;
    this.stores = storesOver((name, method, args) => this.#call(name, method, args));
    this.ready = new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve: () => resolve(), reject });
    });
    port.on("message", (answer: StoreAnswer) => this.#settle(answer));
  }

  get pending(): number {
    return this.#pending.size;
  }

  stop(): void {
    this.#port.postMessage({ type: "stop" });
  }

  died(cause: Error): void {
    this.#dead = cause;
    for (const { reject } of this.#pending.values()) reject(cause);
    this.#pending.clear();
  }

  #call(store: string, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#dead !== null) return Promise.reject(this.#dead);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#port.postMessage({ id, store, method, args });
    });
  }

  #settle(answer: StoreAnswer): void {
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (waiting === undefined) return;
    if ("error" in answer) waiting.reject(crossed(answer.error));
    else waiting.resolve(answer.value);
  }
}
