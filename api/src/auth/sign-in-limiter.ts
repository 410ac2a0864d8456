import { createHmac, randomBytes } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { API_LIMITS } from "../options.ts";
import { networkOf } from "./network.ts";

/**
 * Counts failed sign-ins: of one address to one account first, then of the address, then to the account. What an address has used up to an account
 * counts no further there, so one address alone can never keep others out of an account; and an address that got in lately is not kept
 * out by the failures of others. Counters are few and fixed: what is counted is thrown into one of them by a keyed hash.
 */
export class SignInLimiter {
  readonly #secret = randomBytes(32);
  readonly #pair = limiter("pair", API_LIMITS.pairFailures);
  readonly #address = limiter("address", API_LIMITS.addressFailures);
  readonly #account = limiter("account", API_LIMITS.accountFailures);
  /** Pairs that got in, the latest last. */
  readonly #known = new Set<string>();

  /** Counts an attempt before it is looked at. Returns 0 when it may go on, else the seconds to wait. */
  async waitSeconds(address: string, account: string): Promise<number> {
    const { pair, from, to } = this.#keys(address, account);
    try {
      await this.#pair.consume(this.#bucket(pair));
      await this.#address.consume(this.#bucket(from));
      if (!this.#known.has(this.#digest(pair))) await this.#account.consume(this.#bucket(to));
      return 0;
    } catch (error) {
      if (error instanceof RateLimiterRes)
        return Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
      throw error;
    }
  }

  /** The attempt was right: it was no failure. */
  async succeeded(address: string, account: string): Promise<void> {
    const { pair, from, to } = this.#keys(address, account);
    await this.#pair.delete(this.#bucket(pair));
    await this.#address.reward(this.#bucket(from));
    const known = this.#digest(pair);
    if (!this.#known.delete(known)) await this.#account.reward(this.#bucket(to));
    this.#known.add(known);
    if (this.#known.size <= API_LIMITS.knownAddresses) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  #keys(address: string, account: string): { pair: string; from: string; to: string } {
    const from = networkOf(address);
    const to = account.normalize("NFKC").trim().toLowerCase();
    return { pair: `${from}\u0000${to}`, from, to };
  }

  #digest(text: string): string {
    return createHmac("sha256", this.#secret).update(text).digest("base64url");
  }

  #bucket(text: string): number {
    const digest = createHmac("sha256", this.#secret).update(text).digest();
    return digest.readUInt32BE(0) % API_LIMITS.failureCounters;
  }
}

function limiter(keyPrefix: string, points: number): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix, points, duration: API_LIMITS.failureWindowSeconds });
}
