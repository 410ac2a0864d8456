import type { JobView, MeView } from "batchwatch/router";
import type { Fact } from "../../components/Facts.tsx";
import { formatMoment } from "../../components/format.ts";
import { teamName } from "../../components/me.ts";
import type { JobTier } from "./save-job.ts";

/** What each tier means. */
export const TIER_WORDS: Readonly<Record<JobTier, string>> = {
  1: "1, critical",
  2: "2, high",
  3: "3, normal: wakes nobody",
  4: "4, low: wakes nobody",
};
export const TIERS: readonly JobTier[] = [1, 2, 3, 4];

/** What people set on the job beside its schedule and clocks, and what is known of it, as names and values. */
export function aboutFacts(job: JobView, me: MeView): readonly Fact[] {
  const { settings } = job;
  const tier = TIERS.find((each) => each === job.tier);
  const retirement = retirementWords(job);
  return [
    ["Business name", job.businessName ?? "none"],
    ["Name", job.namespace === "" ? job.name : `${job.name} in ${job.namespace}`],
    ["Tier", `${tier === undefined ? job.tier : TIER_WORDS[tier]}${origin(settings.tier)}`],
    [
      "Team",
      `${teamName(me, job.teamId)}${origin(settings.ownerTeamId, "from its source or facts")}`,
    ],
    ["Monitored", settings.monitored ? "yes" : "no: never late, and nobody is told of it"],
    ["First step", job.firstStep ?? "none"],
    ...(job.runbookUrl === null ? [["Runbook", "none"] as const] : []),
    ["Environment", job.environment],
    ["Lifecycle", retirement ?? job.lifecycle],
    ["First seen", formatMoment(Date.parse(job.firstSeenAt))],
    ["Last seen", formatMoment(Date.parse(job.lastSeenAt))],
  ];
}

/** Where a value comes from, behind it. */
function origin(set: unknown, other = "default"): string {
  return set === null ? ` (${other})` : "";
}

/** `RETIRED`, or from when on it will be; null: it is not to be. */
function retirementWords(job: JobView): string | null {
  if (job.lifecycle === "RETIRED") return "RETIRED";
  const from = plannedRetirement(job);
  return from === null ? null : `${job.lifecycle}, retires ${formatMoment(Date.parse(from))}`;
}

/** From when on it is to be retired, ISO 8601; null: it is not planned. The newest change of it says so. */
export function plannedRetirement({ lifecycle, changes }: JobView): string | null {
  if (lifecycle === "RETIRED") return null;
  const from = changes.find(({ field }) => field === "retiredFrom")?.after ?? null;
  return from === null || Number.isNaN(Date.parse(from)) ? null : from;
}
