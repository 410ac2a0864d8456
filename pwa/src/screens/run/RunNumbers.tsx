import type { RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Facts } from "../../components/Facts.tsx";
import { capitalised, formatDuration, formatNumber, plainName } from "../../components/format.ts";

/** Durations, rows and the job's own metrics; what was not reported is left out. */
export function RunNumbers({ run }: { readonly run: RunView }): ReactNode {
  const { performance } = run;
  const facts: [string, string][] = [];
  const add = (name: string, value: number | null, format: (value: number) => string): void => {
    if (value !== null) facts.push([name, format(value)]);
  };
  add("Duration", performance.durationMs, formatDuration);
  add("Usual duration", performance.usualDurationMs, formatDuration);
  add("Rows read", performance.rowsRead, formatNumber);
  add("Rows written", performance.rowsWritten, formatNumber);
  add("Rows skipped", performance.rowsSkipped, formatNumber);
  add("Rows per second", performance.rowsPerSecond, formatNumber);
  for (const [name, value] of Object.entries(performance.metrics)) {
    const plain = capitalised(plainName(name));
    // Two metrics may differ only in how they are written; each is then called as it was sent.
    const isTaken = facts.some(([known]) => known === plain);
    facts.push([isTaken ? name : plain, new Intl.NumberFormat("en-GB").format(value)]);
  }
  return <Facts title="Performance" facts={facts} empty="No figures were reported." />;
}
