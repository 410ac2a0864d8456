import { jobKey, ownKeyOf, runKeyOf } from "../incidents/group-keys.ts";
import type { PlacedAlert } from "../incidents/grouping.ts";
import type { OpenIncidents } from "../incidents/open-incidents.ts";
import type { Alert } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { AlertStore, IncidentStore, UpstreamJobs } from "../ports/incident-stores.ts";

/** What was read of a job's lineage counts for this long, ms. */
const UPSTREAM_FRESH_MS = 5 * 60_000;
/** Merged into one that was merged into one … */
const MERGES_FOLLOWED = 5;

export interface LookupStores {
  readonly alerts: Pick<AlertStore, "get">;
  readonly incidents: Pick<IncidentStore, "get" | "runOf" | "upstream">;
}

/**
 * What the store must be asked before alerts can be grouped. A new alert of a run without a parent needs nothing, as whom its
 * job waits for came with it: the way from a failed run to its page is one commit.
 */
export class Lookups {
  readonly #stores: LookupStores;
  readonly #open: OpenIncidents;
  readonly #upstream = new Map<string, { readonly jobs: readonly string[]; readonly at: number }>();

  constructor(stores: LookupStores, open: OpenIncidents) {
    this.#stores = stores;
    this.#open = open;
  }

  /**
   * Alerts that were handled meanwhile are left out.
   *
   * @param isDoubtful whether what was said of the alert may be out of date
   */
  async place(
    alerts: readonly Alert[],
    now: number,
    isDoubtful: (alertId: string) => boolean,
  ): Promise<readonly PlacedAlert[]> {
    const asked = this.#askUpstream(alerts, now);
    const placing = alerts.map(async (said) => {
      const isMember = this.#open.byAlert(said.alertId).length > 0;
      if (isMember) return this.#plain(said);
      const isNew = isSurelyNew(said) && !isDoubtful(said.alertId);
      return this.#place(isNew ? said : await this.#newest(said), asked);
    });
    // Together: whichever fails first, no failure of the others is one that nobody heard of.
    const [placed] = await Promise.all([Promise.all(placing), asked]);
    return placed.filter((one) => one !== null);
  }

  /** What a save has said of the jobs of its alerts. */
  learn(said: readonly UpstreamJobs[], now: number): void {
    for (const { jobId, upstream } of said) {
      this.#upstream.delete(jobId);
      this.#upstream.set(jobId, { jobs: upstream, at: now });
    }
    for (const oldest of this.#upstream.keys()) {
      if (this.#upstream.size <= LIMITS.upstreamRemembered) break;
      this.#upstream.delete(oldest);
    }
  }

  async #place(alert: Alert, asked: Promise<void>): Promise<PlacedAlert | null> {
    if (alert.handledVersion >= alert.version && !isUnexplained(alert)) return null;
    const past = await this.#past(alert);
    if (!alert.firing) return { ...this.#plain(alert), past };
    const [groupKey] = await Promise.all([this.#groupKey(alert), asked]);
    const upstream = this.#upstream.get(alert.card.jobId ?? "")?.jobs ?? [];
    return { alert, groupKey, upstream, past };
  }

  #plain(alert: Alert): PlacedAlert {
    return { alert, groupKey: ownKeyOf(alert.card), upstream: [], past: null };
  }

  /** What was said may be older than what this or another desk has done with it. */
  async #newest(said: Alert): Promise<Alert> {
    const stored = await this.#stores.alerts.get(said.alertId);
    return stored !== null && stored.version >= said.version ? stored : said;
  }

  async #past({ incidentId }: Alert): Promise<Incident | null> {
    if (incidentId === null || this.#open.get(incidentId) !== undefined) return null;
    let past = await this.#stores.incidents.get(incidentId);
    for (let merges = 1; merges < MERGES_FOLLOWED && past?.mergedInto != null; merges++) {
      if (this.#open.get(past.mergedInto) !== undefined) break;
      past = await this.#stores.incidents.get(past.mergedInto);
    }
    return past;
  }

  /** Its root ancestor's, or of the last one that is known. */
  async #groupKey({ card }: Alert): Promise<string> {
    let key = ownKeyOf(card);
    let parent = card.parentExecutionId;
    for (let steps = 0; steps < LIMITS.ancestors && parent !== null; steps++) {
      const run = await this.#stores.incidents.runOf(parent);
      if (run === null) return runKeyOf(parent);
      key = jobKey(run.jobId, run.instanceKey);
      parent = run.parentExecutionId;
    }
    return key;
  }

  /** In one call, of those about which nothing is known, or nothing new. */
  async #askUpstream(alerts: readonly Alert[], now: number): Promise<void> {
    const unknown = new Set<string>();
    for (const { alertId, firing, card } of alerts) {
      const { jobId } = card;
      if (!firing || jobId === null || this.#open.byAlert(alertId).length > 0) continue;
      const known = this.#upstream.get(jobId);
      if (known === undefined || now - known.at >= UPSTREAM_FRESH_MS) unknown.add(jobId);
    }
    if (unknown.size > 0) this.learn(await this.#stores.incidents.upstream([...unknown]), now);
  }
}

/** The first word on it: nobody can have handled it. */
function isSurelyNew({ firing, version, handledVersion }: Alert): boolean {
  return firing && version === 1 && handledVersion === 0;
}

/** Handled, and yet with neither an incident nor a reason: it is taken once more [I5]. */
function isUnexplained({ firing, incidentId, reason }: Alert): boolean {
  return firing && incidentId === null && reason === null;
}
