import type { Alert } from "../model/alert.ts";
import type { CommandAnswer, Incident, IncidentCommand, IncidentEvent } from "../model/incident.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import type { Cancels, HandledAlert, Promised } from "../ports/incident-stores.ts";
import type { PageFate } from "./undelivered.ts";

/** What an incident is fed with. */
export type StepInput =
  | AlertsInput
  | { readonly type: "command"; readonly command: IncidentCommand }
  /** Something is due. */
  | { readonly type: "clock" }
  /** Pages of it were given up; all pages of it, as they are. */
  | { readonly type: "undelivered"; readonly pages: readonly PageFate[] }
  /** All that is in it has become part of another. */
  | { readonly type: "merged"; readonly into: string };

export interface AlertsInput {
  readonly type: "alerts";
  readonly alerts: readonly TakenAlert[];
  /** Of the incident where there is none yet. */
  readonly groupKey: string;
  /** Set when three or more jobs of one source began at once. */
  readonly sharedSourceId: string | null;
  /** Incidents whose members it takes in; they are `merged` afterwards. */
  readonly absorbs: readonly Incident[];
  /** Firing alerts of this incident that it only counted until now. */
  readonly counted: readonly Alert[];
}

export interface TakenAlert {
  readonly alert: Alert;
  /** It is here because what it waits for failed. */
  readonly consequence: boolean;
}

/** Everything beside the incident that a step depends on [INC-2]. */
export interface StepContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly world: AlertingWorld;
  /** IANA zone of times in texts for receivers that have none of their own. */
  readonly zone: string;
  /** Fresh notifications are leased to their sender. */
  readonly lease: { readonly owner: string; readonly until: number };
  /**
   * What was promised of the incident, of its parts, and of those that it absorbs; asked for only where `needsTold` says so, and with
   * a command that takes or closes it (`TAKES`).
   */
  readonly promised: readonly Promised[];
}

export interface StepResult {
  /** With `version` one higher; null: there is none and none is made. */
  readonly incident: Incident | null;
  readonly alerts: readonly HandledAlert[];
  readonly notifications: readonly Notification[];
  readonly cancels: Cancels | null;
  readonly events: readonly IncidentEvent[];
  readonly answer: CommandAnswer | null;
}
