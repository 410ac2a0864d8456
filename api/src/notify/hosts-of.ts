import type { Notification } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

/** Where receivers are called. */
export interface Addresses {
  subscription(subscriptionId: string): { readonly endpoint: string } | null;
  webhook(webhookId: string): { readonly url: string } | null;
}

/** The host that a notification goes to: asked for several times a message, so an address is read once. */
export class HostsOf {
  readonly #addresses: Addresses;
  /** By address; null: it is none. At most API_LIMITS.hostsRemembered. */
  readonly #hosts = new Map<string, string | null>();

  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  of({ channel, targetId }: Pick<Notification, "channel" | "targetId">): string {
    const url =
      channel === "webpush"
        ? this.#addresses.subscription(targetId)?.endpoint
        : this.#addresses.webhook(targetId)?.url;
    return (url === undefined ? null : this.#hostIn(url)) ?? `${channel} ${targetId}`;
  }

  #hostIn(url: string): string | null {
    const known = this.#hosts.get(url);
    if (known !== undefined) return known;
    const host = URL.canParse(url) ? new URL(url).host : null;
    if (this.#hosts.size >= API_LIMITS.hostsRemembered) this.#hosts.clear();
    this.#hosts.set(url, host);
    return host;
  }
}
