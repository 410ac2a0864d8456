import type { IncidentRow, RunRow, RunState } from "batchwatch/router";
import { evidenceSentence } from "./evidence-words.ts";
import { CAUSE_MARKS, causeSentence } from "./incident-words.ts";

/** States that are spoken when a run comes into them. */
const SPOKEN_WORDS: Readonly<Partial<Record<RunState, string>>> = {
  failed: "failed",
  stalled: "stalled",
  late: "is late",
};

/** A run is told of before its incident is made: within this time the two are one piece of news, ms. */
const SAME_NEWS_MS = 60_000;

/** Incidents that have left the board and are still remembered as told of. */
const REMEMBERED = 1_000;

/** What was spoken already, or stood there from the beginning. */
interface Known {
  /** Incident ids; and of runs key and state, as a late run that then stalls is news. */
  readonly things: ReadonlySet<string>;
  /** When a run of a job was last spoken of, by job id, epoch milliseconds. */
  readonly jobs: ReadonlyMap<string, number>;
}

export const NOTHING_KNOWN: Known = { things: new Set(), jobs: new Map() };

export interface News {
  readonly known: Known;
  readonly incidents: readonly IncidentRow[];
  readonly runs: readonly RunRow[];
}

/** What is not known yet. An incident of a job whose run was just spoken of is not spoken again. */
export function newsOf(
  known: Known,
  incidents: readonly IncidentRow[],
  runs: readonly RunRow[],
  now: number,
): News {
  const nameOf = (run: RunRow): string => `${run.key} ${run.state}`;
  const freshRuns = runs.filter((run) => !known.things.has(nameOf(run)));
  const isRecent = (jobId: string | null): boolean =>
    jobId !== null && now - (known.jobs.get(jobId) ?? Number.NEGATIVE_INFINITY) <= SAME_NEWS_MS;
  const freshIncidents = incidents.filter(
    (incident) => !known.things.has(incident.incidentId) && !isRecent(incident.jobId),
  );
  const things = new Set([
    // Incidents stay known, so that one that goes and comes back is not told of twice.
    ...[...known.things].filter((thing) => !thing.startsWith("run:")).slice(-REMEMBERED),
    ...incidents.map((incident) => incident.incidentId),
    ...runs.map(nameOf),
  ]);
  const jobs = new Map([...known.jobs].filter(([, at]) => now - at <= SAME_NEWS_MS));
  for (const run of freshRuns) jobs.set(run.jobId, now);
  return { known: { things, jobs }, incidents: freshIncidents, runs: freshRuns };
}

/** One piece of news in full, several in counts: `3 need you: 2 failed, 1 late.` */
export function spokenNews({ incidents, runs }: Omit<News, "known">, now: number): string {
  const [incident] = incidents;
  const [run] = runs;
  if (incidents.length + runs.length === 1) {
    if (incident !== undefined) return spokenIncident(incident, now);
    if (run !== undefined) return spokenAlert(run, now);
  }
  const words = [
    ...incidents.map((each) => CAUSE_MARKS[each.causeKind].word.toLowerCase()),
    ...runs.map(({ state }) => state),
  ];
  if (words.length === 0) return "";
  const counts = [...new Set(words)].map(
    (word) => `${words.filter((each) => each === word).length} ${word}`,
  );
  return `${words.length} need you: ${counts.join(", ")}.`;
}

/** Job, what happened, and why. */
function spokenIncident(incident: IncidentRow, now: number): string {
  const { word } = CAUSE_MARKS[incident.causeKind];
  return `${incident.jobName}: ${word.toLowerCase()}. ${causeSentence(incident, now)}`;
}

/** Job, attempt when it is not the first, what happened, and why. */
function spokenAlert(row: RunRow, now: number): string {
  const attempt = row.attempt > 1 ? `, attempt ${row.attempt},` : "";
  const [why] = row.evidence;
  const cause = why === undefined ? row.message : evidenceSentence(why, row, now);
  return `${row.jobName}${attempt} ${SPOKEN_WORDS[row.state] ?? "needs you"}. ${cause ?? ""}`.trim();
}
