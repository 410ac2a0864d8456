import type { RuleName } from "../model/alert.ts";
import { SEVERITIES, type Severity } from "../model/incident.ts";

const BASE: Readonly<Record<RuleName, Severity>> = {
  failed: "HIGH",
  missed: "HIGH",
  stalled: "HIGH",
  "source-silent": "MEDIUM",
};

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** The rule's base, one step higher for tier 1; tier 3 is MEDIUM and tier 4 LOW at most. */
export function severityOf(rule: RuleName, tier: number): Severity {
  const base = BASE[rule];
  if (tier <= 1) return SEVERITIES[rank(base) + 1] ?? base;
  if (tier === 2) return base;
  return lower(base, tier === 3 ? "MEDIUM" : "LOW");
}

/** Whether it may wake a person. */
export function wakes(severity: Severity): boolean {
  return rank(severity) >= rank("HIGH");
}

export function isHigher(a: Severity, b: Severity): boolean {
  return rank(a) > rank(b);
}

/** The highest of at least one. */
export function highest(severities: readonly Severity[]): Severity {
  return severities.reduce((most, one) => (isHigher(one, most) ? one : most), "LOW");
}

function lower(a: Severity, b: Severity): Severity {
  return isHigher(a, b) ? b : a;
}
