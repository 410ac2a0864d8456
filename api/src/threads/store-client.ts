import type { MessagePort } from "node:worker_threads";
import type { Stores } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import type { UpkeepNews } from "./keep-up.ts";
import { crossed, STORE_READY, STORE_UPKEEP, type StoreAnswer } from "./messages.ts";
import { ThreadAwayError } from "./thread-away.ts";

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
    settings: true,
    calendars: true,
    blind: true,
    letters: true,
    alerts: true,
    incidents: true,
    outbox: true,
    receivers: true,
    audit: true,
    approvals: true,
    sessions: true,
    privacy: true,
    upkeep: true,
    keys: true,
  };
  return Object.fromEntries(
    Object.keys(names).map((name) => [name, store(name)]),
  ) as unknown as Stores;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The main thread's end of the store thread, whichever it is now. When one dies its pending calls fail with
 * `store_away`, their outcome unknown; calls made while there is none wait a moment for the next.
 */
export class StoreClient {
  readonly stores: Stores;
  readonly #onReady: () => void;
  readonly #onUpkeep: (news: UpkeepNews) => void;
  readonly #pending = new Map<number, Waiting>();
  readonly #waiting = new Set<(port: MessagePort | null) => void>();
  #port: MessagePort | null = null;
  #cause: Error | null = null;
  #nextId: number = STORE_READY + 1;

  /**
   * @param onReady a thread has opened the store.
   * @param onUpkeep it has removed what is older than it is to be kept, or could not.
   */
  constructor(onReady: () => void, onUpkeep: (news: UpkeepNews) => void = () => {}) {
    this.#onReady = onReady;
    this.#onUpkeep = onUpkeep;
    this.stores = storesOver((name, method, args) => this.#call(name, method, args));
  }

  get pending(): number {
    return this.#pending.size + this.#waiting.size;
  }

  attach(port: MessagePort): void {
    port.on("message", (answer: StoreAnswer) => {
      if (answer.id === STORE_READY) this.#opened(port);
      else if (answer.id === STORE_UPKEEP && "value" in answer) {
        this.#onUpkeep(answer.value as UpkeepNews);
      } else this.#settle(answer);
    });
  }

  detach(cause: Error): void {
    this.#port = null;
    this.#cause = cause;
    const away = this.#away();
    for (const { reject } of this.#pending.values()) reject(away);
    this.#pending.clear();
  }

  /** Nobody waits for a next thread any more. */
  stop(): void {
    this.#port?.postMessage({ type: "stop" });
    this.#wake(null);
  }

  #away(): ThreadAwayError {
    return new ThreadAwayError("store_away", this.#cause);
  }

  #opened(port: MessagePort): void {
    this.#port = port;
    this.#onReady();
    this.#wake(port);
  }

  #wake(port: MessagePort | null): void {
    for (const wake of this.#waiting) wake(port);
  }

  async #call(store: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const port = this.#port ?? (await this.#nextPort());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      port.postMessage({ id, store, method, args });
    });
  }

  #nextPort(): Promise<MessagePort> {
    if (this.#waiting.size >= API_LIMITS.storeCallsWaiting) return Promise.reject(this.#away());
    return new Promise((resolve, reject) => {
      const wake = (port: MessagePort | null) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        if (port === null) reject(this.#away());
        else resolve(port);
      };
      const timer = setTimeout(() => wake(null), API_LIMITS.storeWaitMs);
      this.#waiting.add(wake);
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
