import { NEW_JOB } from "../model/job.ts";

/** What a watched job of production has beside what its facts say, while nobody has set anything. */
export const NOTHING_SET: typeof NEW_JOB = { ...NEW_JOB, lifecycle: "LIVE" };
