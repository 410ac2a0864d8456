import type { JobSettingsView } from "batchwatch/router";

/** What nobody has set anything on, for tests; each field can be set. */
export function jobSettings(fields: Partial<JobSettingsView> = {}): JobSettingsView {
  return {
    ownerTeamId: null,
    tier: null,
    lifecycle: "LIVE",
    monitored: true,
    cadence: null,
    schedule: null,
    clocks: { startGraceMs: null, runBudgetMs: null, minimumDurationMs: null, heartbeatMs: null },
    ...fields,
  };
}
