import { alertIdOf } from "../model/ids.ts";
import type { Alert, AlertCard, AlertLevel, RuleName } from "../model/alert.ts";
import type { Incident, IncidentAction, IncidentCommand, Person } from "../model/incident.ts";
import type { AlertingWorld, Pageable, Policy } from "../model/policy.ts";
import { jobKey } from "./group-keys.ts";
import type { AlertsInput, StepContext } from "./step-types.ts";

/** A night of 2026-11-24, 02:00 UTC. */
export const T0: number = Date.parse("2026-11-24T02:00:00.000Z");
export const SECOND = 1_000;
export const MINUTE = 60_000;

export function personOf(name: string): Person {
  return { userId: name, name };
}

export function pageable(name: string, devices = 1): Pageable {
  return {
    person: personOf(name),
    devices: Array.from({ length: devices }, (_, index) => `${name}-device-${index + 1}`),
  };
}

/** Three people with a device each. */
export const PEOPLE: readonly Pageable[] = ["ann", "ben", "carla"].map((name) => pageable(name));
export const HOOK: Policy["webhooks"][number] = { webhookId: "hook", name: "Chat" };

export interface WorldOptions {
  readonly alertsOn?: boolean;
  readonly people?: readonly Pageable[];
  /** On no list. */
  readonly others?: readonly Pageable[];
  readonly webhooks?: Policy["webhooks"];
  readonly environment?: "PROD" | "UAT";
  readonly pagingMode?: "PAGING" | "WATCHING";
  /** By device. */
  readonly zones?: Readonly<Record<string, string>>;
}

export function worldOf(options: WorldOptions = {}): AlertingWorld {
  const { alertsOn = true, people = PEOPLE, others = [], webhooks = [], zones = {} } = options;
  const { environment = "PROD", pagingMode = "PAGING" } = options;
  return {
    alertsOn,
    policyOf: () => ({ people, webhooks }),
    platformPolicy: { people, webhooks },
    pageableOf: (userId) =>
      [...people, ...others].find(({ person }) => person.userId === userId) ?? null,
    returnedAt: () => null,
    sourceOf: (sourceId) => ({ name: `Source ${sourceId}`, environment, pagingMode }),
    zoneOf: (deviceId) => zones[deviceId] ?? null,
  };
}

export function contextOf(now: number, world: AlertingWorld = worldOf()): StepContext {
  return { now, world, zone: "UTC", lease: { owner: "desk", until: now + MINUTE }, promised: [] };
}

function cardOfJob(jobId: string, card: Partial<AlertCard> = {}): AlertCard {
  const attempt = card.attempt ?? 1;
  return {
    jobId,
    jobName: `Job ${jobId}`,
    namespace: "bank",
    sourceId: "source",
    teamId: "lending",
    tier: 2,
    executionId: `${jobId}-run-${attempt}`,
    runKey: String(attempt),
    instanceKey: "2026-11-24",
    attempt,
    parentExecutionId: null,
    businessDate: "2026-11-24",
    stage: null,
    firstStep: null,
    runbookUrl: null,
    message: null,
    evidence: [],
    recovering: null,
    ...card,
  };
}

export function levelOf(
  jobId: string,
  since: number,
  card: Partial<AlertCard> = {},
  rule: RuleName = "failed",
): Extract<AlertLevel, { readonly holds: true }> {
  const full = cardOfJob(jobId, card);
  return { rule, subject: full.executionId ?? jobId, holds: true, since, card: full };
}

export function alertOf(
  jobId: string,
  since: number,
  card: Partial<AlertCard> = {},
  rule: RuleName = "failed",
): Alert {
  const { subject, card: full } = levelOf(jobId, since, card, rule);
  return {
    alertId: alertIdOf(rule, subject),
    rule,
    subject,
    firing: true,
    since,
    endedAt: null,
    ending: null,
    openings: 1,
    version: 1,
    handledVersion: 0,
    incidentId: null,
    reason: null,
    card: full,
  };
}

export function ended(alert: Alert, at: number, ending: Alert["ending"] = "cleared"): Alert {
  return { ...alert, firing: false, endedAt: at, ending, version: alert.version + 1 };
}

/** The same alert with a later attempt under way. */
export function recoveringWith(alert: Alert, attempt: number, startedAt: number): Alert {
  const executionId = `${alert.card.jobId}-run-${attempt}`;
  const recovering = { executionId, attempt, startedAt };
  return { ...alert, version: alert.version + 1, card: { ...alert.card, recovering } };
}

export function inputOf(alerts: readonly Alert[], more: Partial<AlertsInput> = {}): AlertsInput {
  const [first] = alerts;
  return {
    type: "alerts",
    alerts: alerts.map((alert) => ({ alert, consequence: false })),
    groupKey: jobKey(first?.card.jobId ?? "none", first?.card.instanceKey ?? "none"),
    sharedSourceId: null,
    absorbs: [],
    counted: [],
    ...more,
  };
}

let commands = 0;

export function commandOf(
  incident: Pick<Incident, "incidentId">,
  by: string,
  action: IncidentAction,
): IncidentCommand {
  commands += 1;
  const { incidentId } = incident;
  return { commandId: `command-${commands}`, incidentId, by: personOf(by), action };
}
