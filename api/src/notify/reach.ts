import type { Channel, Notification, SendOutcome } from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

interface ChannelReach {
  /** The last message that was taken, epoch ms; null: none yet. */
  reachedAt: number | null;
  /** The first page that was not taken since then. */
  failingSince: number | null;
  /** The last page that was not taken. */
  failedAt: number;
}

/**
 * Whether pages still reach anybody, by what became of those that were sent: the canary's page never leaves this process, so
 * it does not notice keys that push services refuse, a missing route, or an authority that has expired.
 */
export class Reach {
  readonly #channels = new Map<Channel, ChannelReach>();

  note(
    { channel, kind }: Pick<Notification, "channel" | "kind">,
    type: SendOutcome["type"],
    at: number,
  ): void {
    const known = this.#channels.get(channel);
    const reach = known ?? { reachedAt: null, failingSince: null, failedAt: 0 };
    this.#channels.set(channel, reach);
    if (type === "sent") {
      reach.reachedAt = at;
      reach.failingSince = null;
    } else if (kind === "page") {
      reach.failingSince ??= at;
      reach.failedAt = at;
    }
  }

  /**
   * Since when no page has reached anybody, epoch ms; null: they do, or none was sent lately. Phones count alone: that a chat takes
   * everything wakes nobody.
   */
  unreachedSince(now: number): number | null {
    const phones = this.#channels.get("webpush");
    const since = failingSince(phones, now);
    if (since !== null) return since;
    const isPhoneReached = isLately(phones?.reachedAt ?? null, now);
    return isPhoneReached ? null : failingSince(this.#channels.get("webhook"), now);
  }
}

/** What failed once may work with its next attempt: it counts after API_LIMITS.canaryWithinMs. */
function failingSince(reach: ChannelReach | undefined, now: number): number | null {
  if (reach === undefined || reach.failingSince === null) return null;
  if (!isLately(reach.failedAt, now)) return null;
  return now - reach.failingSince < API_LIMITS.canaryWithinMs ? null : reach.failingSince;
}

function isLately(at: number | null, now: number): boolean {
  return at !== null && Math.abs(now - at) <= API_LIMITS.reachMs;
}
