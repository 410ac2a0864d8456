import { joinLevel } from "../incidents/join-level.ts";
import { alertIdOf } from "../model/ids.ts";
import type { Alert, AlertLevel } from "../model/alert.ts";
import type { CommandAnswer, Incident, IncidentCommand, IncidentEvent } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import { inScope } from "../model/people.ts";
import type {
  AlertStore,
  HandledAlert,
  IncidentChange,
  IncidentStore,
  OutboxStore,
} from "../ports/incident-stores.ts";
import { StoreError } from "../ports/store-error.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { pageOf } from "./memory-pages.ts";

/** The rows of incidents in memory. Values are never changed in place, so a copy of the maps is a copy of the store. */
export interface IncidentTables {
  readonly alerts: Map<string, Alert>;
  readonly incidents: Map<string, Incident>;
  /** Open incidents, by group key. */
  readonly openByKey: Map<string, string>;
  readonly events: Map<string, readonly IncidentEvent[]>;
  readonly commands: Map<
    string,
    { readonly command: IncidentCommand; readonly answer: CommandAnswer }
  >;
  readonly runs: Map<string, NonNullable<Awaited<ReturnType<IncidentStore["runOf"]>>>>;
  /** Jobs that a job waits for, by job id. */
  readonly upstream: Map<string, readonly string[]>;
}

export function emptyIncidentTables(): IncidentTables {
  return {
    alerts: new Map(),
    incidents: new Map(),
    openByKey: new Map(),
    events: new Map(),
    commands: new Map(),
    runs: new Map(),
    upstream: new Map(),
  };
}

/** Where a call fails, as `store.method`; `after`: it was carried out and the answer was lost. */
export type StoreFault = (call: string) => "before" | "after" | null;

/**
 * Alerts, incidents and the outbox in memory with the promises of the real stores: a change is all or nothing,
 * guarded by its version and by one open incident a group key. For tests and the simulation.
 */
export class MemoryIncidentStores {
  readonly tables: IncidentTables;
  readonly alerts: AlertStore;
  readonly incidents: IncidentStore;
  readonly outbox: OutboxStore;
  readonly outboxRows: MemoryOutbox;
  fault: StoreFault = () => null;
  /** How often each `store.method` was called. */
  readonly calls: Map<string, number> = new Map();

  constructor(
    tables: IncidentTables = emptyIncidentTables(),
    outbox: MemoryOutbox = new MemoryOutbox(),
  ) {
    this.tables = tables;
    this.outboxRows = outbox;
    outbox.isOver = (incidentId) => tables.incidents.get(incidentId)?.state === "RESOLVED";
    this.alerts = this.#guarded("alerts", {
      report: async (levels) => this.report(levels),
      unhandled: async (limit) =>
        this.#alertsWhere((alert) => alert.handledVersion < alert.version).slice(0, limit),
      unexplained: async (limit) =>
        this.#alertsWhere(
          ({ firing, incidentId, reason }) => firing && incidentId === null && reason === null,
        ).slice(0, limit),
      get: async (alertId) => this.tables.alerts.get(alertId) ?? null,
      ofIds: async (alertIds) => alertIds.flatMap((id) => this.tables.alerts.get(id) ?? []),
      settle: async (alerts) => {
        for (const alert of alerts) this.#handle(alert, null);
      },
      firingOf: async (incidentId, limit) =>
        this.#alertsWhere((alert) => alert.firing && alert.incidentId === incidentId)
          .sort((a, b) => a.since - b.since || (a.alertId < b.alertId ? -1 : 1))
          .slice(0, limit),
    });
    this.incidents = this.#guarded("incidents", this.#incidentStore());
    this.outbox = this.#guarded("outbox", this.outboxRows);
  }

  /** As a unit's transaction does with the levels in it. */
  report(levels: readonly AlertLevel[]): readonly Alert[] {
    return levels.flatMap((level) => {
      const alertId = alertIdOf(level.rule, level.subject);
      const stored = this.tables.alerts.get(alertId);
      const joined = joinLevel(stored ?? null, level);
      if (joined === null) return [];
      // One that waits already keeps its place among the unhandled ones.
      if (stored?.handledVersion === stored?.version) this.tables.alerts.delete(alertId);
      this.tables.alerts.set(alertId, joined);
      return [joined];
    });
  }

  #incidentStore(): IncidentStore {
    const { incidents, events, commands, runs, upstream } = this.tables;
    return {
      open: async (limit) =>
        [...incidents.values()]
          .filter(({ state }) => state !== "RESOLVED")
          .sort(byOpening)
          .slice(0, limit),
      get: async (incidentId) => incidents.get(incidentId) ?? null,
      commit: async (changes) => changes.map((change) => this.#commit(change)),
      answered: async (command) => {
        const known = commands.get(command.commandId);
        if (known === undefined) return null;
        if (sameCommand(known.command, command)) return known.answer;
        throw new StoreError("command_reused", "This id was another command's: make a new one.");
      },
      list: async (scope, filter, limit, cursor) =>
        pageOf(
          [...incidents.values()]
            .filter((one) => teamsOf(one).some((teamId) => inScope(scope, teamId)))
            .filter(({ state }) => filter.states?.includes(state) ?? true)
            .filter((one) => filter.jobId === undefined || isAbout(one, filter.jobId))
            .sort((a, b) => byOpening(b, a)),
          limit,
          cursor,
        ),
      events: async (incidentId) => (events.get(incidentId) ?? []).slice(-LIMITS.incidentEvents),
      before: async (jobId, incidentId, limit) => {
        const one = incidents.get(incidentId);
        if (one === undefined) return [];
        return [...incidents.values()]
          .filter((other) => other.state === "RESOLVED" && byOpening(other, one) < 0)
          .filter((other) => other !== one && isAbout(other, jobId))
          .sort((a, b) => byOpening(b, a))
          .slice(0, limit);
      },
      runOf: async (executionId) => runs.get(executionId) ?? null,
      upstream: async (jobIds) =>
        jobIds.map((jobId) => ({
          jobId,
          upstream: (upstream.get(jobId) ?? []).slice(0, LIMITS.upstreamJobs),
        })),
      downstream: async (jobId) =>
        [...upstream]
          .filter(([, waitsFor]) => waitsFor.includes(jobId))
          .map(([one]) => ({ jobId: one, name: one, teamId: "" })),
    };
  }

  #commit(change: IncidentChange): "done" | "conflict" {
    const { incident, expectedVersion, command } = change;
    const { incidents, openByKey, events, commands } = this.tables;
    const { incidentId, groupKey, version, state } = incident;
    if (version !== expectedVersion + 1) {
      throw new Error(`An incident's version grows by one: ${expectedVersion} to ${version}.`);
    }
    if ((incidents.get(incidentId)?.version ?? 0) !== expectedVersion) return "conflict";
    const holder = openByKey.get(groupKey);
    if (state !== "RESOLVED" && (holder ?? incidentId) !== incidentId) return "conflict";
    if (command !== null && commands.has(command.command.commandId)) return "conflict";
    const heldKey = incidents.get(incidentId)?.groupKey ?? groupKey;
    if (openByKey.get(heldKey) === incidentId) openByKey.delete(heldKey);
    incidents.set(incidentId, incident);
    if (state !== "RESOLVED") openByKey.set(groupKey, incidentId);
    for (const alert of change.alerts) this.#handle(alert, incident);
    if (change.cancels !== null) this.outboxRows.cancel({ incidentId, ...change.cancels });
    for (const notification of change.notifications) this.outboxRows.put(notification);
    events.set(incidentId, [...(events.get(incidentId) ?? []), ...change.events]);
    if (command !== null) commands.set(command.command.commandId, command);
    return "done";
  }

  /** What began anew since it was read stays without incident and reason: those are for who handles the new opening. */
  #handle({ alertId, handledVersion, reason }: HandledAlert, incident: Incident | null): void {
    const stored = this.tables.alerts.get(alertId);
    if (stored === undefined || stored.handledVersion > handledVersion) return;
    if (incident === null && stored.handledVersion === handledVersion) return;
    const member = incident?.members.find((one) => one.alertId === alertId);
    const isSame = stored.version === handledVersion || stored.openings === member?.openings;
    const incidentId = incident?.incidentId ?? stored.incidentId;
    this.tables.alerts.set(alertId, {
      ...stored,
      handledVersion,
      ...(isSame && { reason, incidentId }),
    });
  }

  #alertsWhere(wanted: (alert: Alert) => boolean): Alert[] {
    return [...this.tables.alerts.values()].filter(wanted);
  }

  /** The same store, counted and able to fail. */
  #guarded<T extends object>(name: string, store: T): T {
    return new Proxy(store, {
      get: (target, method) => {
        const run: unknown = Reflect.get(target, method);
        if (typeof run !== "function") return run;
        return async (...args: readonly unknown[]) => {
          const call = `${name}.${String(method)}`;
          this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
          const fault = this.fault(call);
          if (fault === "before") throw awayError();
          // A real store answers later, never within the call.
          await Promise.resolve();
          const answer: unknown = await Reflect.apply(run, target, args);
          if (fault === "after") throw awayError();
          return answer;
        };
      },
    });
  }
}

function awayError(): Error {
  return Object.assign(new Error("The store does not answer."), { code: "store_away" });
}

function byOpening(a: Incident, b: Incident): number {
  return a.openedAt - b.openedAt || (a.incidentId < b.incidentId ? -1 : 1);
}

function teamsOf({ teamId, members }: Incident): readonly string[] {
  return [teamId, ...members.map(({ card }) => card.teamId)];
}

function isAbout(incident: Incident, jobId: string): boolean {
  return incident.members.some(({ card }) => card.jobId === jobId);
}

function sameCommand(a: IncidentCommand, b: IncidentCommand): boolean {
  const body = ({ incidentId, by, action }: IncidentCommand) =>
    JSON.stringify([incidentId, by.userId, Object.entries(action).sort()]);
  return body(a) === body(b);
}
