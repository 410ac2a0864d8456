import type { DeviceStore } from "./device-store.ts";
import type { Receipt } from "./kept.ts";
import type { Call } from "./post-call.ts";
/** The receipts with one more: each kind once for each notification, the newest {@link LIMITS.receipts}. */
export declare function withReceipt(
  receipts: readonly Receipt[],
  receipt: Receipt,
): readonly Receipt[];
/** Sends what the server has not taken yet; stops at the first sign that it is away. */
export declare function sendReceipts(store: DeviceStore, call: Call): Promise<void>;
//# sourceMappingURL=receipts.d.ts.map
