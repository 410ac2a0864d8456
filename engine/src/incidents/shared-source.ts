import type { Alert, RuleName } from "../model/alert.ts";
import type { Group, Groups, PlacedAlert } from "./grouping.ts";
import { byAge, type OpenIncidents } from "./open-incidents.ts";

/** Alerts of one source that began within this share their cause, ms [INC-7]. */
const SHARED_WITHIN_MS = 120_000;
/** From so many jobs on. */
const SHARED_JOBS = 3;

interface Entry {
  readonly since: number;
  readonly jobId: string;
  readonly group: Group;
  readonly isNew: boolean;
}

/**
 * Joins groups of three or more jobs of one source that began at once, and all that is found of a source that came back
 * lately: the oldest incident takes the others in.
 */
export function shareSources(
  groups: Groups,
  placed: readonly PlacedAlert[],
  open: OpenIncidents,
  backSince: (sourceId: string) => number | null,
): void {
  const alerts = new Map(placed.map(({ alert }) => [alert.alertId, alert]));
  const newBySource = newcomersOf(groups);
  for (const [sourceId, fresh] of newBySource) {
    const entries = [...fresh, ...standing(groups, sourceId, fresh, alerts, open)]
      // Another source of theirs may have joined groups meanwhile.
      .map((entry) => ({ ...entry, group: groups.current(entry.group) }))
      .sort((a, b) => a.since - b.since);
    for (const shared of sharedGroups(entries)) merge(groups, shared, sourceId);
    const since = backSince(sourceId);
    if (since === null) continue;
    const found = foundSince(since, groups, sourceId, fresh, open);
    if (found.size > 1) merge(groups, found, sourceId);
  }
}

/** What was silent as long as its source was is told in one moment, whenever it began. */
function foundSince(
  since: number,
  groups: Groups,
  sourceId: string,
  fresh: readonly Entry[],
  open: OpenIncidents,
): ReadonlySet<Group> {
  const standingSince = open
    .bySource(sourceId)
    .filter(({ openedAt, members }) => openedAt >= since && members.some(counts))
    .map((incident) => groups.of(incident));
  const all = [...fresh.map(({ group }) => group), ...standingSince];
  return new Set(
    all
      .map((group) => groups.current(group))
      .filter(({ incident }) => incident === null || incident.openedAt >= since),
  );
}

function newcomersOf(groups: Groups): ReadonlyMap<string, readonly Entry[]> {
  const bySource = new Map<string, Entry[]>();
  for (const group of groups.all) {
    const known = new Set(group.incident?.members.map(({ alertId }) => alertId));
    for (const { alert } of group.taken) {
      if (!counts(alert) || known.has(alert.alertId)) continue;
      const entries = bySource.get(alert.card.sourceId) ?? [];
      entries.push({ since: alert.since, jobId: alert.card.jobId ?? "", group, isNew: true });
      bySource.set(alert.card.sourceId, entries);
    }
  }
  return bySource;
}

function counts({
  firing,
  rule,
  card,
}: {
  readonly firing: boolean;
  readonly rule: RuleName;
  readonly card: Alert["card"];
}): boolean {
  return firing && rule !== "source-silent" && card.jobId !== null;
}

/** What fires already in open incidents, near in time to the new ones. */
function standing(
  groups: Groups,
  sourceId: string,
  fresh: readonly Entry[],
  alerts: ReadonlyMap<string, Alert>,
  open: OpenIncidents,
): readonly Entry[] {
  const from = Math.min(...fresh.map(({ since }) => since)) - SHARED_WITHIN_MS;
  const until = Math.max(...fresh.map(({ since }) => since)) + SHARED_WITHIN_MS;
  return open.bySource(sourceId).flatMap((incident) =>
    incident.members
      .filter((member) => counts(member) && member.card.sourceId === sourceId)
      .filter(({ since, alertId }) => {
        const stillFires = alerts.get(alertId)?.firing ?? true;
        return stillFires && since >= from && since <= until;
      })
      .map(({ since, card }) => ({
        since,
        jobId: card.jobId ?? "",
        group: groups.of(incident),
        isNew: false,
      })),
  );
}

/** Sets of at least two groups that share their cause. `entries` are ordered by time. */
function sharedGroups(entries: readonly Entry[]): readonly ReadonlySet<Group>[] {
  const setOf = new Map<Group, Set<Group>>();
  const jobs = new Map<string, number>();
  let first = 0;
  let joined = 0;
  for (const [last, entry] of entries.entries()) {
    jobs.set(entry.jobId, (jobs.get(entry.jobId) ?? 0) + 1);
    for (; entry.since - (entries[first]?.since ?? 0) > SHARED_WITHIN_MS; first++) {
      const { jobId } = entries[first] ?? entry;
      const left = (jobs.get(jobId) ?? 1) - 1;
      if (left === 0) jobs.delete(jobId);
      else jobs.set(jobId, left);
    }
    if (jobs.size < SHARED_JOBS) continue;
    const near = entries.slice(first, last + 1);
    if (!near.some(({ isNew }) => isNew)) continue;
    const start = Math.max(first, joined - 1);
    for (const { group } of entries.slice(start, last + 1)) unite(setOf, group, entry.group);
    joined = last + 1;
  }
  return [...new Set(setOf.values())].filter((set) => set.size > 1);
}

function unite(setOf: Map<Group, Set<Group>>, a: Group, b: Group): void {
  const into = setOf.get(a) ?? new Set([a]);
  const other = setOf.get(b) ?? new Set([b]);
  if (into === other) return;
  for (const group of other) into.add(group);
  for (const group of into) setOf.set(group, into);
}

/** An incident with more than its members stays its own, or the others join it: only members can move. */
function merge(groups: Groups, shared: ReadonlySet<Group>, sourceId: string): void {
  const existing = [...shared]
    .filter(({ incident }) => incident !== null)
    .sort((a, b) => sizeOf(b) - sizeOf(a) || byAge(incidentOf(a), incidentOf(b)));
  const [target = firstMade(shared)] = existing;
  target.sharedSourceId = sourceId;
  for (const group of shared) {
    if (group === target || sizeOf(group) > 0) continue;
    groups.move(group, target);
  }
}

/** How many of its alerts are only counted. */
function sizeOf({ incident }: Group): number {
  return incident === null ? 0 : incident.memberCount - incident.members.length;
}

function incidentOf({ incident }: Group): NonNullable<Group["incident"]> {
  if (incident === null) throw new Error("Only groups of incidents are compared.");
  return incident;
}

function firstMade(shared: ReadonlySet<Group>): Group {
  const [first] = [...shared].sort((a, b) => sinceOf(a) - sinceOf(b));
  if (first === undefined) throw new Error("A shared cause has groups.");
  return first;
}

function sinceOf({ taken }: Group): number {
  return Math.min(...taken.map(({ alert }) => alert.since));
}
