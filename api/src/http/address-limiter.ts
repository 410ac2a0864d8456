import { networkOf } from "../auth/network.ts";

const WINDOW_MS = 60_000;

export interface AddressLimits {
  /** Calls of one address in a minute. */
  readonly callsPerMinute: number;
  /** Addresses counted at once; beyond it the counting begins anew. */
  readonly addresses: number;
}

/** Counts calls by address in whole minutes. A global IPv6 network of 64 bits counts as one address: nobody has fewer. */
export class AddressLimiter {
  readonly #limits: AddressLimits;
  readonly #calls = new Map<string, number>();
  #windowEndsAt = 0;

  constructor(limits: AddressLimits) {
    this.#limits = limits;
  }

  /** Counts a call, or so many. Returns 0 when it may go on, else the seconds to wait. */
  waitSeconds(address: string, now: number, count = 1): number {
    const late = now >= this.#windowEndsAt || this.#windowEndsAt - now > WINDOW_MS;
    if (late || this.#calls.size >= this.#limits.addresses) {
      this.#calls.clear();
      this.#windowEndsAt = now + WINDOW_MS;
    }
    const key = networkOf(address);
    const calls = (this.#calls.get(key) ?? 0) + count;
    this.#calls.set(key, calls);
    return calls <= this.#limits.callsPerMinute ? 0 : Math.ceil((this.#windowEndsAt - now) / 1_000);
  }
}
