import { describe, expect, it } from "vitest";
import { columnsOf } from "../jobs/run-columns.ts";
import { emptySummary, type RunSummary } from "../jobs/run-summary.ts";
import type { Alert, AlertCard, AlertLevel } from "../model/alert.ts";
import { alertIdOf } from "../model/ids.ts";
import type { RunColumns } from "../ports/stores.ts";
import { MemoryAlerts } from "./memory-alerts.ts";
import { emptyTables, Transaction } from "./memory-tables.ts";

const DAY = "2026-11-23";

function run(id: string, startedAt: number, state: "failed" | "succeeded", day = DAY): RunColumns {
  const summary: RunSummary = {
    ...emptySummary(id, "j", id),
    startedAt,
    active: true,
    end: { state, at: startedAt + 10, factId: id, message: null, exitCode: null },
    businessDate: { at: 0, value: { day, origin: "PARAMETER" } },
  };
  return columnsOf(summary);
}

function level(executionId: string | null, instanceKey: string): AlertLevel {
  const card = { jobId: "j", executionId, instanceKey } as AlertCard;
  return { rule: "failed", subject: executionId ?? "slot", holds: true, since: 1, card };
}

describe("a stored success [ALERT-8]", () => {
  it("ends the firing alerts of earlier attempts and of the expected start of its instance, and no others", () => {
    const tables = emptyTables();
    const transaction = new Transaction();
    const alerts = new MemoryAlerts(tables);
    const stored = [
      run("earlier", 100, "failed"),
      run("later", 300, "failed"),
      run("other", 100, "failed", "2026-11-22"),
      run("cure", 200, "succeeded"),
    ];
    for (const columns of stored) {
      tables.runs.set(columns.executionId, { columns, summary: "" });
      if (columns.state === "failed") {
        alerts.join(transaction, [level(columns.executionId, columns.instanceKey)]);
      }
    }
    alerts.join(transaction, [level(null, `date:${DAY}`)]);
    const cure = stored.find(({ state }) => state === "succeeded");
    if (cure === undefined) throw new Error("there is a cure");
    const changed = alerts.clear(transaction, cure);
    expect(changed.map(({ subject }) => subject)).toEqual(["earlier", "slot"]);
    const alertOf = (subject: string): Alert | undefined =>
      tables.alerts.get(alertIdOf("failed", subject));
    expect(alertOf("earlier")).toMatchObject({ firing: false, endedAt: 210, ending: "cleared" });
    expect(alertOf("later")?.firing).toBe(true);
    expect(alertOf("other")?.firing).toBe(true);
    expect(alerts.clear(transaction, cure)).toEqual([]);
    transaction.rollBack();
    expect(tables.alerts.size).toBe(0);
  });
});
