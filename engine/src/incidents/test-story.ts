import { expect } from "vitest";
import type { Alert } from "../model/alert.ts";
import type { CommandOutcome, Incident, IncidentAction } from "../model/incident.ts";
import type { Notification, NotificationKind } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import { step } from "./step.ts";
import type { AlertsInput, StepInput, StepResult } from "./step-types.ts";
import { commandOf, contextOf, inputOf, MINUTE, T0, worldOf } from "./test-incidents.ts";

/** What one step sent, as `kind receiver`. */
export type Sent = `${NotificationKind} ${string}`;

/** One incident through its night: each call is a step, and answers what was sent. What it sent before has gone out. */
export class Story {
  now: number = T0;
  world: AlertingWorld;
  incident: Incident | null = null;
  last: StepResult | null = null;
  readonly notifications: Notification[] = [];
  /** Of incidents that it takes in. */
  promised: readonly Notification[] = [];

  constructor(world: AlertingWorld = worldOf()) {
    this.world = world;
  }

  get open(): Incident {
    if (this.incident === null) throw new Error("No incident was made.");
    return this.incident;
  }

  get reasons(): readonly (string | null)[] {
    return (this.last?.alerts ?? []).map(({ reason }) => reason);
  }

  get kinds(): readonly string[] {
    return (this.last?.events ?? []).map(({ kind }) => kind);
  }

  get texts(): readonly (readonly [string, string])[] {
    return (this.last?.notifications ?? []).map(({ card }) => [card.title, card.body]);
  }

  take(alerts: readonly Alert[], more: Partial<AlertsInput> = {}): readonly Sent[] {
    return this.step(inputOf(alerts, more));
  }

  /** After so many minutes, what is due is done. */
  after(minutes: number): readonly Sent[] {
    this.now += minutes * MINUTE;
    return this.step({ type: "clock" });
  }

  do(by: string, action: IncidentAction): CommandOutcome | undefined {
    this.step({ type: "command", command: commandOf(this.open, by, action) });
    return this.last?.answer?.outcome;
  }

  /** What the last step sent. */
  get sent(): readonly Sent[] {
    return (this.last?.notifications ?? []).map(
      ({ kind, receiver }): Sent => `${kind} ${receiver}`,
    );
  }

  step(input: StepInput): readonly Sent[] {
    const sent = this.notifications.map((one) => ({ ...one, state: "SENT" as const }));
    const promised = [...sent, ...this.promised];
    this.last = step(this.incident, input, { ...contextOf(this.now, this.world), promised });
    this.incident = this.last?.incident ?? this.incident;
    this.notifications.push(...(this.last?.notifications ?? []));
    expect(this.last?.incident?.version ?? 1).toBeGreaterThan(0);
    return this.sent;
  }
}
