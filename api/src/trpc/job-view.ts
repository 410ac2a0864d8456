import {
  EVERYONE,
  type Cadence,
  inferSchedule,
  isoOf,
  type Job,
  type JobSettings,
  type JobView,
  occurrencesOf,
  type PastInstance,
  rhythmOf,
  type StoredRun,
  type Stores,
  type TrendRow,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { changeView, settingsView } from "./settings-views.ts";
import { jobListItem } from "./views.ts";

/** The scope was checked on the job: its own runs need no other. */
/** Instances from which on a job's past says how often it runs (engine/SPEC.md SCHED-7). */
const LEAST_INSTANCES = 5;

type Readers = Pick<Stores, "runs" | "settings" | "calendars" | "sources">;

/** A job with what people set on it, what its past suggests, and who changed what. */
export async function jobView(
  job: Job,
  trend: TrendRow | null,
  readers: Readers,
  now: number,
): Promise<JobView | null> {
  const settings = await readers.settings.get(job.jobId);
  if (settings === null) return null;
  const [runs, changes, nextDue] = await Promise.all([
    readers.runs.list(EVERYONE, { jobId: job.jobId }, API_LIMITS.proposalRuns, null),
    readers.settings.changes(job.jobId, API_LIMITS.changesShown),
    nextExpected(settings, readers, now),
  ]);
  const past = instancesOf(runs.items);
  return {
    ...jobListItem(job),
    sourceId: job.sourceId,
    runbookUrl: job.runbookUrl,
    firstStep: job.firstStep,
    trend,
    settings: settingsView(settings),
    cadence: settings.cadence ?? cadenceOf(past),
    proposal:
      settings.schedule === null ? inferSchedule(past, await zoneOf(job.sourceId, readers)) : null,
    nextExpectedAt: isoOf(nextDue),
    changes: changes.map(changeView),
  };
}

/** Nothing is expected of a retired or unmonitored job (engine/SPEC.md CLOCK-10). */
async function nextExpected(
  { schedule, lifecycle, monitored }: JobSettings,
  { calendars }: Readers,
  now: number,
): Promise<number | null> {
  if (schedule === null || !monitored || lifecycle === "RETIRED") return null;
  const { calendarId } = schedule;
  const calendar = calendarId === null ? null : await calendars.get(calendarId);
  return occurrencesOf(schedule, calendar).next(now);
}

/** Attempts of one instance are one: it began with the first of them. */
function instancesOf(runs: readonly StoredRun[]): readonly PastInstance[] {
  const instances = new Map<string, PastInstance>();
  for (const { instanceKey, startedAt, nominalAt } of runs) {
    const at = startedAt ?? nominalAt;
    if (at === null) continue;
    const known = instances.get(instanceKey);
    instances.set(instanceKey, {
      at: Math.min(at, known?.at ?? at),
      nominalAt: nominalAt ?? known?.nominalAt ?? null,
    });
  }
  return [...instances.values()];
}

function cadenceOf(past: readonly PastInstance[]): Cadence | null {
  if (past.length < LEAST_INSTANCES) return null;
  return rhythmOf(past.map(({ at, nominalAt }) => nominalAt ?? at))?.cadence ?? null;
}

/** A schedule is proposed in the zone of the source that runs the job. */
async function zoneOf(sourceId: string, { sources }: Readers): Promise<string> {
  const all = await sources.all();
  return all.find((source) => source.sourceId === sourceId)?.zone ?? "UTC";
}
