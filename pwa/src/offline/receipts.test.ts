import { describe, expect, it } from "vitest";
import { OFFLINE_LIMITS } from "./limits.ts";
import { memoryStore } from "./memory-store.ts";
import type { CallResult } from "./post-call.ts";
import { sendReceipts, withReceipt } from "./receipts.ts";

const receipt = (notificationId: string) => ({ notificationId, kind: "shown", at: 1 }) as const;

describe("receipts", () => {
  it("are kept once each, the newest", () => {
    const one = withReceipt([], receipt("n-1"));
    expect(withReceipt(one, receipt("n-1"))).toBe(one);
    expect(withReceipt(one, { ...receipt("n-1"), kind: "seen" })).toHaveLength(2);
    const many = Array.from({ length: OFFLINE_LIMITS.receipts }, (_, index) =>
      receipt(`n-${index}`),
    );
    const after = withReceipt(many, receipt("n-new"));
    expect(after).toHaveLength(OFFLINE_LIMITS.receipts);
    expect(after.at(-1)?.notificationId).toBe("n-new");
    expect(after[0]?.notificationId).toBe("n-1");
  });

  it("are dropped once the server has taken or refused them, and wait while it is away", async () => {
    const store = memoryStore();
    await store.set("receipts", [
      receipt("taken"),
      receipt("refused"),
      receipt("away"),
      receipt("later"),
    ]);
    const asked: string[] = [];
    await sendReceipts(store, async (_path, input): Promise<CallResult> => {
      const { notificationId } = input as { notificationId: string };
      asked.push(notificationId);
      if (notificationId === "taken") return { kind: "answered", data: { counted: true } };
      if (notificationId === "refused") return { kind: "refused", code: "not_found", message: "" };
      return { kind: "later", retryAfterMs: null };
    });
    expect(asked).toEqual(["taken", "refused", "away"]);
    const left = (await store.get("receipts")) ?? [];
    expect(left.map(({ notificationId }) => notificationId)).toEqual(["away", "later"]);
  });
});
