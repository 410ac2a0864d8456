import type { DeviceStore } from "./device-store.ts";
import type { Receipt } from "./kept.ts";
import { OFFLINE_LIMITS as LIMITS } from "./limits.ts";
import type { Call } from "./post-call.ts";

/** The receipts with one more: each kind once for each notification, the newest {@link LIMITS.receipts}. */
export function withReceipt(receipts: readonly Receipt[], receipt: Receipt): readonly Receipt[] {
  if (receipts.some((one) => isSame(one, receipt))) return receipts;
  return [...receipts, receipt].slice(-LIMITS.receipts);
}

/** Sends what the server has not taken yet; stops at the first sign that it is away. */
export async function sendReceipts(store: DeviceStore, call: Call): Promise<void> {
  const receipts = (await store.get("receipts")) ?? [];
  for (const receipt of receipts) {
    const { notificationId, kind } = receipt;
    // oxlint-disable-next-line no-await-in-loop -- a server that is away is asked once
    const result = await call("push.receipt", { notificationId, kind });
    if (result.kind === "later" || result.kind === "signed-out") return;
    // oxlint-disable-next-line no-await-in-loop
    await store.update("receipts", (now = []) => now.filter((one) => !isSame(one, receipt)));
  }
}

function isSame(one: Receipt, other: Receipt): boolean {
  return one.notificationId === other.notificationId && one.kind === other.kind;
}
