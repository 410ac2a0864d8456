import type { KnownReceivers } from "./make-notifier.ts";
import type { PushSubscriptionRow, ReceiverStore, Webhook } from "@batchwatch/engine";

type Used = "subscriptions" | "webhooks" | "trouble" | "sent" | "secret";

/** What the channels need of the receiver store, in memory; the real one is proven in db. */
export class TestReceiverStore implements Pick<ReceiverStore, Used> {
  readonly devices = new Map<string, PushSubscriptionRow>();
  readonly hooks = new Map<string, Webhook>();
  readonly secrets = new Map<string, string>();
  /** Every call fails while it is set. */
  away = false;
  reads = 0;

  /** What the receiver directory would know. */
  readonly known: KnownReceivers = {
    subscription: (id) => this.devices.get(id) ?? null,
    webhook: (id) => this.hooks.get(id) ?? null,
  };

  async subscriptions(): Promise<readonly PushSubscriptionRow[]> {
    this.#here();
    this.reads += 1;
    return [...this.devices.values()];
  }
  async webhooks(): Promise<readonly Webhook[]> {
    this.#here();
    return [...this.hooks.values()];
  }
  async trouble(subscriptionId: string, trouble: string | null): Promise<void> {
    this.#here();
    this.#change(subscriptionId, { trouble });
  }
  async sent(subscriptionId: string, lastSentAt: number): Promise<void> {
    this.#here();
    this.#change(subscriptionId, { lastSentAt });
  }
  async secret(name: string, sealedIfNone: string): Promise<string> {
    this.#here();
    const kept = this.secrets.get(name) ?? sealedIfNone;
    this.secrets.set(name, kept);
    return kept;
  }

  #here(): void {
    if (this.away) throw new Error("the store is away");
  }
  #change(id: string, change: Partial<PushSubscriptionRow>): void {
    const row = this.devices.get(id);
    if (row !== undefined) this.devices.set(id, { ...row, ...change });
  }
}
