import type { BusinessDateOrigin } from "./run.ts";

export type Environment = "PROD" | "UAT" | "TEST";
/** CRITICAL 1, HIGH 2, NORMAL 3, LOW 4. An unset tier is treated as 2. */
export type Tier = 1 | 2 | 3 | 4;
export type Lifecycle = "WATCHING" | "LIVE" | "RETIRED";
export type PagingMode = "WATCHING" | "PAGING";
export type FreeDayRule = "RUN" | "SKIP" | "PREVIOUS" | "NEXT";
export type ResumeFrom = "STAGE" | "BEGINNING";

export const DEFAULT_TIER: Tier = 2;
/** Team of jobs that neither Batchwatch, nor the source, nor the event gives an owner. */
export const DEFAULT_TEAM_ID = "default";

/** A batch job, known by its aliases; every field of domain.md exists from the first migration. */
export interface Job {
  readonly jobId: string;
  readonly sourceId: string;
  readonly namespace: string;
  readonly name: string;
  readonly environment: Environment;
  readonly tier: Tier | null;
  readonly ownerTeamId: string;
  readonly ownedSince: number | null;
  readonly businessName: string | null;
  readonly runbookUrl: string | null;
  readonly firstStep: string | null;
  readonly cadence: string | null;
  readonly lifecycle: Lifecycle;
  readonly calendarId: string | null;
  readonly freeDayRule: FreeDayRule;
  readonly resumeFrom: ResumeFrom;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

type SaidByFacts =
  | "jobId"
  | "sourceId"
  | "namespace"
  | "name"
  | "ownerTeamId"
  | "firstSeenAt"
  | "lastSeenAt";

/** What a new job has beside what its facts say, while nobody has set anything. */
export const NEW_JOB: Omit<Job, SaidByFacts> = {
  environment: "PROD",
  tier: null,
  ownedSince: null,
  businessName: null,
  runbookUrl: null,
  firstStep: null,
  cadence: null,
  lifecycle: "WATCHING",
  calendarId: null,
  freeDayRule: "RUN",
  resumeFrom: "BEGINNING",
};

/** Where facts come from. `teamId` null means that an event's own team claim counts. */
export interface Source {
  readonly sourceId: string;
  readonly name: string;
  readonly contract: SourceContract;
  readonly environment: Environment;
  /** IANA zone that zone-less times of this source are in. */
  readonly zone: string;
  readonly newDayTime: string;
  readonly businessDateParams: readonly string[];
  readonly pagingMode: PagingMode;
  readonly recoveryRecipe: string | null;
  readonly teamId: string | null;
  readonly createdAt: number;
}

/** Contracts a source can be added for; more are listed in intake.md. */
export const SOURCE_CONTRACTS = ["native", "openlineage"] as const;
export type SourceContract = (typeof SOURCE_CONTRACTS)[number];

export type { BusinessDateOrigin };
