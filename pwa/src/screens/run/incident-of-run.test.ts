import { expect, test } from "vitest";
import { incidentRow } from "../../live/test-rows.ts";
import { incidentOf } from "./incident-of-run.ts";

const run = { executionId: "e1", jobId: "pay", businessDate: "2026-11-11" };

test("the incident of this very run is preferred to that of another attempt", () => {
  const sameDay = incidentRow("day", {
    jobId: "pay",
    executionId: "e0",
    businessDate: "2026-11-11",
  });
  const same = incidentRow("same", { jobId: "pay", executionId: "e1" });
  const startedAt = "2026-11-11T03:21:00.000Z";
  const recovering = incidentRow("rec", {
    executionId: "e0",
    recovering: { executionId: "e1", attempt: 2, startedAt },
  });
  expect(incidentOf(run, [sameDay, same])?.incidentId).toBe("same");
  expect(incidentOf(run, [sameDay, recovering])?.incidentId).toBe("rec");
  expect(incidentOf(run, [sameDay])?.incidentId).toBe("day");
  expect(incidentOf({ ...run, jobId: "sepa" }, [{ ...sameDay, jobIds: ["pay", "sepa"] }])).not.toBe(
    null,
  );
});

test("another night or another job is none of its business", () => {
  const other = incidentRow("o", { jobId: "pay", executionId: "e9", businessDate: "2026-11-10" });
  expect(incidentOf(run, [other, incidentRow("x", { businessDate: "2026-11-11" })])).toBe(null);
  expect(incidentOf({ ...run, businessDate: null }, [{ ...other, businessDate: null }])).toBe(null);
});
