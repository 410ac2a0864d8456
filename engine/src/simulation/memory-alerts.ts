import { joinLevel } from "../incidents/join-level.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import { alertIdOf } from "../model/ids.ts";
import type { RunColumns } from "../ports/stores.ts";
import type { MemoryTables, Transaction } from "./memory-tables.ts";

/** The alerts of a store in memory, joined as the real one joins them. Every method returns the alerts that changed. */
export class MemoryAlerts {
  readonly #tables: Pick<MemoryTables, "alerts" | "runs">;

  constructor(tables: Pick<MemoryTables, "alerts" | "runs">) {
    this.#tables = tables;
  }

  join(transaction: Transaction, levels: readonly AlertLevel[]): readonly Alert[] {
    return levels.flatMap((level) => {
      const { alerts } = this.#tables;
      const alertId = alertIdOf(level.rule, level.subject);
      const joined = joinLevel(alerts.get(alertId) ?? null, level);
      if (joined === null) return [];
      transaction.set(alerts, alertId, joined);
      return [joined];
    });
  }

  /** A success clears the earlier attempts of its instance, whatever the job's memory remembers of them [ALERT-8]. */
  clear(transaction: Transaction, run: RunColumns): readonly Alert[] {
    if (run.state !== "succeeded") return [];
    const since = run.endedAt ?? run.lastFactAt;
    const cleared = [...this.#tables.alerts.values()].filter(
      (alert) => alert.firing && this.#isEarlierAttempt(alert, run),
    );
    return this.join(
      transaction,
      cleared.map(({ rule, subject }) => ({
        rule,
        subject,
        holds: false,
        since,
        ending: "cleared",
      })),
    );
  }

  #isEarlierAttempt({ card }: Alert, run: RunColumns): boolean {
    if (card.jobId !== run.jobId || card.instanceKey !== run.instanceKey) return false;
    // An expected start goes before every attempt.
    if (card.executionId === null) return true;
    const earlier = this.#tables.runs.get(card.executionId)?.columns;
    if (earlier === undefined || earlier.executionId === run.executionId) return false;
    if (earlier.orderedAt !== run.orderedAt) return earlier.orderedAt < run.orderedAt;
    return earlier.executionId < run.executionId;
  }
}
