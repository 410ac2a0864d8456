import { step } from "../incidents/step.ts";
import type { StepContext, StepInput, StepResult } from "../incidents/step-types.ts";
import type { Alert } from "../model/alert.ts";
import type { Incident } from "../model/incident.ts";
import type { IncidentChange } from "../ports/incident-stores.ts";
import type { WaitingCommand } from "./desk-queue.ts";

/** A step that is made and not stored yet, with what it came from. */
export interface PlannedStep {
  readonly change: IncidentChange;
  readonly alerts: readonly Alert[];
  readonly command: WaitingCommand | null;
  readonly absorbs: readonly Incident[];
}

/** What the store is to keep of a step; null: nothing of an incident. */
export function changeOf(
  before: Incident | null,
  result: StepResult,
  command: WaitingCommand | null,
): IncidentChange | null {
  const { incident, alerts, notifications, cancels, events, answer } = result;
  if (incident === null) return null;
  return {
    incident,
    expectedVersion: before?.version ?? 0,
    alerts,
    notifications,
    cancels,
    events,
    command: command === null || answer === null ? null : { command: command.command, answer },
  };
}

/** A step of an incident that no alert brings. */
export function plainStep(
  incident: Incident,
  input: Exclude<StepInput, { readonly type: "alerts" }>,
  context: StepContext,
  command: WaitingCommand | null = null,
): PlannedStep | null {
  const result = step(incident, input, context);
  const change = result === null ? null : changeOf(incident, result, command);
  return change === null ? null : { change, alerts: [], command, absorbs: [] };
}
