import type { Alert } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { HandledAlert } from "../ports/incident-stores.ts";
import { ALERTING_TIMES } from "./alerting-times.ts";
import { keysOf } from "./group-keys.ts";
import { firingOf } from "./members.ts";
import type { OpenIncidents } from "./open-incidents.ts";
import { shareSources } from "./shared-source.ts";
import type { TakenAlert } from "./step-types.ts";

/** Instances told apart by a nominal time or a run, not by a business date. */
const DATELESS = /^(nominal|run):/;

/** An alert with what was looked up for it. */
export interface PlacedAlert {
  readonly alert: Alert;
  /** Of the incident that would be made for it: its own, or its root ancestor's. */
  readonly groupKey: string;
  /** Jobs that its job waits for. */
  readonly upstream: readonly string[];
  /** Its incident, where that is not open any more. */
  readonly past: Incident | null;
}

/** Alerts of one step. */
export interface Group {
  /** Null: one is to be made. */
  readonly incident: Incident | null;
  readonly groupKey: string;
  readonly taken: TakenAlert[];
  readonly absorbs: Incident[];
  sharedSourceId: string | null;
}

export interface Grouping {
  readonly groups: readonly Group[];
  /** No incident takes these. */
  readonly settled: readonly HandledAlert[];
  /** There are too many incidents: they wait in the store. */
  readonly waiting: readonly Alert[];
}

/**
 * Puts each alert with those of one cause [INC-5, INC-6, INC-7]. Alerts come with their newest version only.
 *
 * @param backSince when the source came back, if that was lately, epoch ms
 */
export function groupAlerts(
  placed: readonly PlacedAlert[],
  open: OpenIncidents,
  backSince: (sourceId: string) => number | null = () => null,
): Grouping {
  const groups = new Groups(open);
  const settled: HandledAlert[] = [];
  const waiting: Alert[] = [];
  const inOrder = placed.toSorted(
    (a, b) => a.alert.since - b.alert.since || (a.alert.alertId < b.alert.alertId ? -1 : 1),
  );
  for (const one of inOrder) {
    const { alert } = one;
    const homes = homesOf(one, open);
    for (const home of homes) groups.of(home).taken.push({ alert, consequence: false });
    if (homes.length > 0) continue;
    const reason = reasonToSettle(one);
    if (reason !== undefined) settled.push({ ...handled(alert), reason });
    else if (!groups.join(one)) waiting.push(alert);
  }
  shareSources(groups, inOrder, open, backSince);
  return { groups: groups.all, settled, waiting };
}

/** Incidents that have it already. */
function homesOf({ alert, past }: PlacedAlert, open: OpenIncidents): readonly Incident[] {
  const members = open.byAlert(alert.alertId);
  if (members.length > 0) return members;
  const into = past?.mergedInto ?? alert.incidentId;
  const home = into === null ? undefined : open.get(into);
  return home === undefined ? [] : [home];
}

/** What is over, and what a person closed and has not begun anew, makes no incident. Undefined: it may make one. */
function reasonToSettle({ alert, past }: PlacedAlert): Alert["reason"] | undefined {
  if (!alert.firing)
    return alert.incidentId === null ? (alert.reason ?? "ended-before") : alert.reason;
  return past?.resolution === "person" ? alert.reason : undefined;
}

function handled({ alertId, version }: Alert): Omit<HandledAlert, "reason"> {
  return { alertId, handledVersion: version };
}

/** Groups of one batch while they are made. */
export class Groups {
  readonly #open: OpenIncidents;
  readonly #byIncident = new Map<string, Group>();
  readonly #byKey = new Map<string, Group>();
  readonly #byJob = new Map<string, Group>();
  readonly #made = new Set<Group>();
  readonly #into = new Map<Group, Group>();

  constructor(open: OpenIncidents) {
    this.#open = open;
  }

  get all(): readonly Group[] {
    return [...new Set([...this.#byIncident.values(), ...this.#made])].filter(
      ({ taken, absorbs }) => taken.length + absorbs.length > 0,
    );
  }

  of(incident: Incident): Group {
    const known = this.#byIncident.get(incident.incidentId);
    if (known !== undefined) return known;
    const { groupKey } = incident;
    const group: Group = { incident, groupKey, taken: [], absorbs: [], sharedSourceId: null };
    this.#byIncident.set(incident.incidentId, group);
    return group;
  }

  /** Into the group of its cause, else into one of its own. False: there are too many incidents. */
  join({ alert, groupKey, upstream }: PlacedAlert): boolean {
    const { card } = alert;
    const own = this.#byAnyKey([groupKey, ...keysOf(card)]) ?? this.#ofJobLately(alert);
    const cause = own ?? this.#byUpstream(upstream, card.jobId);
    const group = cause ?? this.#make(groupKey);
    if (group === null) return false;
    group.taken.push({ alert, consequence: own === null && cause !== null });
    for (const key of [groupKey, ...keysOf(card)]) this.#byKey.set(key, group);
    if (card.jobId !== null) this.#byJob.set(card.jobId, group);
    return true;
  }

  /** The group that this one is part of by now. */
  current(group: Group): Group {
    const into = this.#into.get(group);
    return into === undefined ? group : this.current(into);
  }

  /** Moves all of a group into another one. */
  move(group: Group, into: Group): void {
    into.taken.push(...group.taken.splice(0));
    into.absorbs.push(...group.absorbs.splice(0));
    if (group.incident !== null) into.absorbs.push(group.incident);
    this.#into.set(group, into);
    this.#made.delete(group);
    for (const { incidentId } of into.absorbs) this.#byIncident.set(incidentId, into);
  }

  #byAnyKey(keys: readonly string[]): Group | null {
    for (const key of keys) {
      const incident = this.#open.byKey(key);
      const group = incident === undefined ? this.#byKey.get(key) : this.of(incident);
      if (group !== undefined) return group;
    }
    return null;
  }

  /**
   * A job without business dates that fails, or is missed, again and again in short time is one trouble, although each time is an
   * instance of its own [INC-5].
   */
  #ofJobLately({ card, since }: Alert): Group | null {
    const { jobId, instanceKey } = card;
    if (jobId === null || !DATELESS.test(instanceKey)) return null;
    const isNear = (one: Pick<Alert, "card" | "since">) =>
      one.card.jobId === jobId && Math.abs(since - one.since) <= ALERTING_TIMES.sameJobMs;
    const incident = this.#open.byJob(jobId);
    if (incident !== undefined && firingOf(incident).some(isNear)) return this.of(incident);
    const group = this.#byJob.get(jobId);
    return group?.taken.some(({ alert }) => isNear(alert)) === true ? group : null;
  }

  #byUpstream(upstream: readonly string[], jobId: string | null): Group | null {
    for (const one of upstream) {
      if (one === jobId) continue;
      const incident = this.#open.byJob(one);
      const group = incident === undefined ? this.#byJob.get(one) : this.of(incident);
      if (group !== undefined) return group;
    }
    return null;
  }

  #make(groupKey: string): Group | null {
    if (this.#open.size + this.#made.size >= LIMITS.openIncidents) return null;
    const group: Group = {
      incident: null,
      groupKey,
      taken: [],
      absorbs: [],
      sharedSourceId: null,
    };
    this.#made.add(group);
    return group;
  }
}
