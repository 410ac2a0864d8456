import { LIMITS } from "@batchwatch/engine";
import { expect, test } from "vitest";
import { makeRetentionServices } from "./retention-services.ts";

test("what is kept for how long is told as upkeep does it: people before the host, neither below the least [AUD-6]", async () => {
  const services = makeRetentionServices({
    approvals: { retention: async () => ({ incidents: 9, runs: 30 }) },
    days: { audit: 2_557, incidents: 2_557, notifications: 400, runs: 90 },
  });
  expect(await services.list()).toEqual([
    { what: "audit", days: 2_557, setBy: "host" },
    { what: "incidents", days: LIMITS.retentionLeastDays, setBy: "approved-change" },
    { what: "notifications", days: 400, setBy: "host" },
    { what: "runs", days: 30, setBy: "approved-change" },
  ]);
});
