import type { Incident } from "../model/incident.ts";
import { keysOf } from "./group-keys.ts";
import { firingOf } from "./members.ts";

/**
 * The open incidents by whatever an alert may find one by. Only a cache of the store: it can be filled anew at any time. At
 * most LIMITS.openIncidents, with LIMITS.incidentMembers each.
 */
export class OpenIncidents {
  readonly #byId = new Map<string, Incident>();
  readonly #byKey = new Index();
  readonly #byAlert = new Index();
  readonly #byJob = new Index();
  readonly #bySource = new Index();
  readonly #byPart = new Index();

  get size(): number {
    return this.#byId.size;
  }

  get all(): IterableIterator<Incident> {
    return this.#byId.values();
  }

  get(incidentId: string): Incident | undefined {
    return this.#byId.get(incidentId);
  }

  /** The one of this id, or the one that has taken it in. */
  holding(incidentId: string): Incident | undefined {
    return this.#byId.get(incidentId) ?? this.#found(this.#byPart, incidentId)[0];
  }

  /** As it is now; one that is resolved leaves. */
  put(incident: Incident): void {
    this.remove(incident.incidentId);
    if (incident.resolution !== null) return;
    this.#byId.set(incident.incidentId, incident);
    this.#index(incident, (index, key) => index.add(key, incident.incidentId));
  }

  remove(incidentId: string): void {
    const known = this.#byId.get(incidentId);
    if (known === undefined) return;
    this.#byId.delete(incidentId);
    this.#index(known, (index, key) => index.delete(key, incidentId));
  }

  /** Those of a version that is known are left as they are. */
  replaceAll(incidents: readonly Incident[]): void {
    const versions = new Map(incidents.map(({ incidentId, version }) => [incidentId, version]));
    for (const { incidentId, version } of this.#byId.values()) {
      if (versions.get(incidentId) !== version) this.remove(incidentId);
    }
    for (const incident of incidents) {
      if (!this.#byId.has(incident.incidentId)) this.put(incident);
    }
  }

  /** By group key, or by the job and instance, or the run, of something that fires in it; the oldest first. */
  byKey(key: string): Incident | undefined {
    return this.#found(this.#byKey, key)[0];
  }

  /** Those that have the alert as a member, firing or not. */
  byAlert(alertId: string): readonly Incident[] {
    return this.#found(this.#byAlert, alertId);
  }

  /** Where something of this job fires; the oldest. */
  byJob(jobId: string): Incident | undefined {
    return this.#found(this.#byJob, jobId)[0];
  }

  /** Where something of this source fires. */
  bySource(sourceId: string): readonly Incident[] {
    return this.#found(this.#bySource, sourceId);
  }

  #found(index: Index, key: string): readonly Incident[] {
    const incidents = index.get(key).flatMap((incidentId) => this.#byId.get(incidentId) ?? []);
    return incidents.sort(byAge);
  }

  #index(incident: Incident, each: (index: Index, key: string) => void): void {
    each(this.#byKey, incident.groupKey);
    for (const part of incident.parts ?? []) each(this.#byPart, part);
    for (const { alertId } of incident.members) each(this.#byAlert, alertId);
    for (const { card } of firingOf(incident)) {
      for (const key of keysOf(card)) each(this.#byKey, key);
      if (card.jobId !== null) each(this.#byJob, card.jobId);
      each(this.#bySource, card.sourceId);
    }
  }
}

export function byAge(a: Incident, b: Incident): number {
  return a.openedAt - b.openedAt || (a.incidentId < b.incidentId ? -1 : 1);
}

/** Many to many; a key without incidents takes no room. */
class Index {
  readonly #ids = new Map<string, Set<string>>();

  get(key: string): string[] {
    return [...(this.#ids.get(key) ?? [])];
  }

  add(key: string, id: string): void {
    const known = this.#ids.get(key);
    if (known === undefined) this.#ids.set(key, new Set([id]));
    else known.add(id);
  }

  delete(key: string, id: string): void {
    const known = this.#ids.get(key);
    if (known?.delete(id) === true && known.size === 0) this.#ids.delete(key);
  }
}
