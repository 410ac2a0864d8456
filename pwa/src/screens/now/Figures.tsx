import type { PerformanceMetrics } from "batchwatch/router";
import type { ReactNode } from "react";
import { formatDuration, formatNumber, formatPercent } from "../../components/format.ts";

/** The last hour in figures, as the server counts it. */
export function Figures({ metrics }: { readonly metrics: PerformanceMetrics }): ReactNode {
  const { successRate, medianDurationMs } = metrics;
  const figures: readonly (readonly [string, string])[] = [
    ["Active", formatNumber(metrics.activeCount)],
    ["Succeeded", formatNumber(metrics.succeededLastHour)],
    ["Failed", formatNumber(metrics.failedLastHour)],
    ["Success rate", successRate === null ? "–" : formatPercent(successRate)],
    ["Median duration", medianDurationMs === null ? "–" : formatDuration(medianDurationMs)],
    ["Rows written", formatNumber(metrics.rowsWrittenLastHour)],
  ];
  return (
    <section className="o-figures" aria-labelledby="figures-title">
      <h2 id="figures-title" className="section-title">
        Last hour
      </h2>
      <dl className="figures">
        {figures.map(([name, value]) => (
          <div key={name} className="figure">
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
