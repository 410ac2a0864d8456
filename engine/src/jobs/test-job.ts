import type { Job } from "../model/job.ts";

type SaidByFacts =
  | "jobId"
  | "sourceId"
  | "namespace"
  | "name"
  | "ownerTeamId"
  | "firstSeenAt"
  | "lastSeenAt";

/** What a watched job of production has beside what its facts say, while nobody has set anything. */
export const NOTHING_SET: Omit<Job, SaidByFacts> = {
  environment: "PROD",
  tier: null,
  ownedSince: null,
  businessName: null,
  runbookUrl: null,
  firstStep: null,
  cadence: null,
  lifecycle: "LIVE",
  calendarId: null,
  freeDayRule: "RUN",
  resumeFrom: "BEGINNING",
};
