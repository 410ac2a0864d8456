import type { AlertLevel } from "../model/alert.ts";
import type { BlindInterval } from "../model/blind-interval.ts";
import { DEFAULT_TEAM_ID, type Source } from "../model/job.ts";

/** What a source's silence is to those who run Batchwatch: one notice, never a page to job teams [B18]. Null: the interval is not a source's silence. */
export function sourceLevel(
  { reason, sourceId, from, until }: BlindInterval,
  source: Pick<Source, "name" | "teamId"> | null,
): AlertLevel | null {
  if (reason !== "SOURCE_SILENT" || sourceId === null) return null;
  const about = { rule: "source-silent", subject: `source:${sourceId}` } as const;
  if (until !== null) return { ...about, holds: false, since: until, ending: "cleared" };
  const iso = new Date(from).toISOString();
  return {
    ...about,
    holds: true,
    since: from,
    card: {
      jobId: null,
      jobName: source?.name ?? "a source",
      namespace: "",
      sourceId,
      teamId: source?.teamId ?? DEFAULT_TEAM_ID,
      tier: 2,
      executionId: null,
      runKey: null,
      instanceKey: `source:${sourceId}`,
      attempt: 1,
      parentExecutionId: null,
      businessDate: null,
      stage: null,
      firstStep: null,
      runbookUrl: null,
      message: null,
      evidence: [{ code: "blind", reason, from: iso, until: null }],
      recovering: null,
    },
  };
}
