import type { DeviceStore } from "./device-store.ts";
import type { Call } from "./post-call.ts";
export interface SenderParts {
  readonly store: DeviceStore;
  readonly call: Call;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** The queue changed. */
  readonly onChange: () => void;
}
/**
 * Sends what is due, one after the other, each marked before and settled after. Stopped between any two steps it
 * loses nothing: what is still marked is sent again under its id. Ends at the first sign that the server is away.
 * @param eager cut waits between attempts short
 */
export declare function sendDue(parts: SenderParts, eager: boolean): Promise<void>;
//# sourceMappingURL=sender.d.ts.map
