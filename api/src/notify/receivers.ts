import type { PushSubscriptionRow, ReceiverStore, Webhook } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

interface Known {
  readonly readAt: number;
  readonly devices: ReadonlyMap<string, PushSubscriptionRow>;
  readonly webhooks: ReadonlyMap<string, Webhook>;
}

/**
 * Devices and webhooks by id, read at most once in API_LIMITS.receiversAgeMs; one that is not known is looked for at once. While the
 * store does not answer, what was known last counts: a page does not wait for it.
 */
export class Receivers {
  readonly #store: Pick<ReceiverStore, "subscriptions" | "webhooks">;
  readonly #now: () => number;
  #known: Known | null = null;
  #reading: Promise<Known> | null = null;

  constructor(store: Pick<ReceiverStore, "subscriptions" | "webhooks">, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  device(subscriptionId: string): Promise<PushSubscriptionRow | null> {
    return this.#find((known) => known.devices.get(subscriptionId));
  }

  webhook(webhookId: string): Promise<Webhook | null> {
    return this.#find((known) => known.webhooks.get(webhookId));
  }

  async #find<T>(one: (known: Known) => T | undefined): Promise<T | null> {
    const known = this.#known;
    const isFresh = known !== null && this.#now() - known.readAt < API_LIMITS.receiversAgeMs;
    const found = isFresh ? one(known) : undefined;
    if (found !== undefined) return found;
    // Another's look may have begun before this one was saved.
    const isAnothers = this.#reading !== null;
    try {
      const read = one(await this.#read());
      return read ?? (isAnothers ? one(await this.#read()) : undefined) ?? null;
    } catch (error) {
      const last = known === null ? undefined : one(known);
      if (last !== undefined) return last;
      throw error;
    }
  }

  /** Those that ask meanwhile get the same answer. */
  #read(): Promise<Known> {
    this.#reading ??= this.#fetch().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #fetch(): Promise<Known> {
    const readAt = this.#now();
    const [devices, webhooks] = await Promise.all([
      this.#store.subscriptions(),
      this.#store.webhooks(),
    ]);
    this.#known = {
      readAt,
      devices: new Map(devices.map((one) => [one.subscriptionId, one])),
      webhooks: new Map(webhooks.map((one) => [one.webhookId, one])),
    };
    return this.#known;
  }
}
