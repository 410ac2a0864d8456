import {
  isoOf,
  type Job,
  type JobView,
  type PastRun,
  type ScheduleTools,
  type Stores,
  type TrendRow,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { changeView, settingsView } from "./settings-views.ts";
import { jobListItem } from "./views.ts";

const EVERYONE = { teamIds: "all", payload: false } as const;

export interface JobViewParts {
  readonly readers: Pick<Stores, "runs" | "settings" | "calendars" | "sources">;
  readonly tools: ScheduleTools;
  readonly now: number;
}

/** A job with what people set on it, what its past suggests, and who changed what. */
export async function jobView(
  job: Job,
  trend: TrendRow | null,
  parts: JobViewParts,
): Promise<JobView | null> {
  const { readers, tools, now } = parts;
  const settings = await readers.settings.get(job.jobId);
  if (settings === null) return null;
  const { schedule } = settings;
  const calendarId = schedule?.calendarId ?? null;
  const [past, changes, calendar] = await Promise.all([
    pastRuns(job.jobId, readers),
    readers.settings.changes(job.jobId, API_LIMITS.changesShown),
    calendarId === null ? null : readers.calendars.get(calendarId),
  ]);
  const due = settings.lifecycle !== "RETIRED" && schedule !== null ? schedule : null;
  return {
    ...jobListItem(job),
    sourceId: job.sourceId,
    runbookUrl: job.runbookUrl,
    firstStep: job.firstStep,
    trend,
    settings: settingsView(settings),
    cadence: settings.cadence ?? tools.cadenceOf(past),
    proposal:
      schedule === null ? tools.propose(past, await zoneOf(job.sourceId, readers), now) : null,
    nextExpectedAt: due === null ? null : isoOf(tools.nextDue(due, calendar, now)),
    changes: changes.map(changeView),
  };
}

async function pastRuns(
  jobId: string,
  { runs }: Pick<Stores, "runs">,
): Promise<readonly PastRun[]> {
  const page = await runs.list(EVERYONE, { jobId }, API_LIMITS.proposalRuns, null);
  return page.items.map(({ nominalAt, startedAt }) => ({ nominalAt, startedAt }));
}

/** Schedules are read in the zone of the source that runs the job. */
async function zoneOf(sourceId: string, { sources }: Pick<Stores, "sources">): Promise<string> {
  const all = await sources.all();
  return all.find((source) => source.sourceId === sourceId)?.zone ?? "UTC";
}
