import fc from "fast-check";
import { expect, it } from "vitest";
import type { Alert, AlertCard, AlertEnding, RuleName } from "../model/alert.ts";
import type { Incident, IncidentAction } from "../model/incident.ts";
import { LIMITS } from "../model/limits.ts";
import type { Notification } from "../model/notification.ts";
import type { AlertingWorld } from "../model/policy.ts";
import { MAY_FOLLOW } from "./incident-state.ts";
import { joinLevel } from "./join-level.ts";
import { memberOf } from "./members.ts";
import { wakes, isHigher } from "./severity.ts";
import { step } from "./step.ts";
import type { StepInput, StepResult } from "./step-types.ts";
import {
  commandOf,
  contextOf,
  HOOK,
  inputOf,
  levelOf,
  MINUTE,
  pageable,
  SECOND,
  T0,
  worldOf,
} from "./test-incidents.ts";

type Operation =
  | {
      readonly type: "fire";
      readonly job: number;
      readonly attempt: number;
      readonly rule: RuleName;
      readonly tier: number;
      readonly recovering: boolean;
    }
  | { readonly type: "end"; readonly which: number; readonly ending: AlertEnding }
  | { readonly type: "command"; readonly by: string; readonly action: IncidentAction }
  | { readonly type: "pass"; readonly ms: number }
  /** Time goes on exactly to what is due. */
  | { readonly type: "due" };

const people = ["ann", "ben", "carla", "dora"];
const by = fc.constantFrom(...people, "manager");
const action: fc.Arbitrary<IncidentAction> = fc.oneof(
  fc.constantFrom<IncidentAction>(
    { type: "acknowledge" },
    { type: "unacknowledge" },
    { type: "take-over" },
    { type: "escalate" },
    { type: "back-to-bed" },
    { type: "comment", text: "Looking" },
  ),
  fc
    .integer({ min: -1, max: 300 })
    .map((minutes) => ({ type: "snooze" as const, untilMs: T0 + minutes * MINUTE })),
  fc.constant<IncidentAction>({ type: "resolve", reason: "Known" }),
);
const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("fire" as const),
      job: fc.integer({ min: 0, max: 2 }),
      attempt: fc.integer({ min: 1, max: 3 }),
      rule: fc.constantFrom<RuleName>("failed", "failed", "stalled", "missed"),
      tier: fc.integer({ min: 1, max: 4 }),
      recovering: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("end" as const),
      which: fc.nat(9),
      ending: fc.constantFrom<AlertEnding>("cleared", "retracted", "retired"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("command" as const), by, action }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("pass" as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 10 * MINUTE }), fc.integer({ min: 1, max: 9e7 })),
    }),
  },
  { weight: 5, arbitrary: fc.constant<Operation>({ type: "due" }) },
);
const anyWorld: fc.Arbitrary<AlertingWorld> = fc
  .record({
    devices: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 4 }),
    hooks: fc.boolean(),
    alertsOn: fc.constantFrom(true, true, true, false),
    pagingMode: fc.constantFrom("PAGING" as const, "PAGING" as const, "WATCHING" as const),
  })
  .map(({ devices, hooks, ...rest }) =>
    worldOf({
      ...rest,
      people: devices.map((count, index) => pageable(people[index] ?? "", count)),
      webhooks: hooks ? [HOOK] : [],
    }),
  );

/** One group's incidents, one after the other, with what was said of them: the model that a step is held against. */
class Model {
  now: number = T0;
  readonly world: AlertingWorld;
  incident: Incident | null = null;
  readonly alerts = new Map<string, Alert>();
  readonly notificationIds = new Set<string>();
  readonly eventIds = new Set<string>();
  told: Notification[] = [];
  /** Until when the one who has it must be left in peace. */
  heldUntil = 0;

  constructor(world: AlertingWorld) {
    this.world = world;
  }

  run(operation: Operation): void {
    switch (operation.type) {
      case "fire":
        return this.fire(operation);
      case "end":
        return this.end(operation);
      case "command":
        if (this.incident === null) return;
        return this.step({
          type: "command",
          command: commandOf(this.incident, operation.by, operation.action),
        });
      case "pass":
        this.now += operation.ms;
        return this.step({ type: "clock" });
      case "due": {
        const { nextDueAt } = this.incident ?? { nextDueAt: null };
        if (nextDueAt === null) return;
        this.now = Math.max(this.now, nextDueAt);
        return this.step({ type: "clock" });
      }
      default:
        return operation satisfies never;
    }
  }

  fire({ job, attempt, rule, tier, recovering }: Extract<Operation, { type: "fire" }>): void {
    const later = { executionId: `job-${job}-run-9`, attempt: 9, startedAt: this.now };
    const card: Partial<AlertCard> = { attempt, tier, recovering: recovering ? later : null };
    const level = levelOf(`job-${job}`, this.now, card, rule);
    const stored = [...this.alerts.values()].find(
      (alert) => alert.rule === rule && alert.subject === level.subject,
    );
    this.take(joinLevel(stored ?? null, level));
  }

  end({ which, ending }: Extract<Operation, { type: "end" }>): void {
    const firing = [...this.alerts.values()].filter((alert) => alert.firing);
    const alert = firing[which % Math.max(1, firing.length)];
    if (alert === undefined) return;
    const { rule, subject } = alert;
    this.take(joinLevel(alert, { rule, subject, holds: false, since: this.now, ending }));
  }

  take(alert: Alert | null): void {
    if (alert === null) return;
    this.alerts.set(alert.alertId, alert);
    // What the desk does not give to a step: what is over, or was closed by a person.
    const isOpen = this.incident !== null && this.incident.state !== "RESOLVED";
    if (!isOpen && alert.incidentId !== null && alert.firing) return;
    this.step(inputOf([alert], { groupKey: "job:group" }));
  }

  step(input: StepInput): void {
    const isNew = input.type === "alerts" && this.incident?.state === "RESOLVED";
    const before = isNew ? null : this.incident;
    if (before === null) this.told = [];
    const context = { ...contextOf(this.now, this.world), promised: this.told };
    const result = step(before, input, context);
    // INC-2: the same again is the same.
    expect(step(before, input, context)).toEqual(result);
    if (result === null) return this.checkNothing(before, input);
    this.check(before, result, input);
    for (const { alertId, handledVersion, reason } of result.alerts) {
      const alert = this.alerts.get(alertId);
      if (alert === undefined) continue;
      const incidentId = result.incident?.incidentId ?? alert.incidentId;
      this.alerts.set(alertId, { ...alert, handledVersion, reason, incidentId });
    }
    if (result.incident !== null) this.incident = result.incident;
    this.told.push(...result.notifications);
  }

  checkNothing(before: Incident | null, input: StepInput): void {
    if (input.type !== "clock" || before === null) return;
    expect(before.nextDueAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(this.now);
  }

  check(before: Incident | null, result: StepResult, input: StepInput): void {
    const { incident, notifications, events } = result;
    if (input.type === "alerts") this.checkReasons(before, result, input.alerts[0]?.alert);
    if (incident === null) {
      expect(notifications).toEqual([]);
      return;
    }
    expect(incident.version).toBe((before?.version ?? 0) + 1);
    this.checkState(before, incident);
    this.checkPages(before, incident, notifications, input);
    for (const { notificationId } of notifications) {
      expect(this.notificationIds.has(notificationId)).toBe(false);
      this.notificationIds.add(notificationId);
    }
    for (const { eventId } of events) {
      expect(this.eventIds.has(eventId)).toBe(false);
      this.eventIds.add(eventId);
    }
    if (input.type === "clock") {
      expect(incident.nextDueAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(this.now);
    }
    const done = result.answer?.outcome === "done";
    if (result.answer !== null && !done) {
      // INC-16: what a command may not do changes nothing but the version.
      expect({ ...incident, version: before?.version }).toEqual(before);
      expect(notifications).toEqual([]);
    }
  }

  /** INC-1. */
  checkState(before: Incident | null, incident: Incident): void {
    if (before !== null) expect(MAY_FOLLOW[before.state][incident.state]).toBe(true);
    const firing = incident.members.filter((member) => member.firing);
    const { state, resolution, acknowledgedBy, recovering, nextDueAt } = incident;
    if (state === "RESOLVED") {
      expect(nextDueAt).toBeNull();
      expect(resolution).not.toBeNull();
      if (resolution !== "person" && before?.state !== "RESOLVED") expect(firing).toEqual([]);
    } else {
      expect(firing.length).toBeGreaterThan(0);
      expect(resolution).toBeNull();
    }
    if (state === "OPEN") expect([acknowledgedBy, recovering]).toEqual([null, null]);
    if (state === "ACKNOWLEDGED") expect(acknowledgedBy).not.toBeNull();
    if (state === "RECOVERING") expect(recovering).not.toBeNull();
    expect(incident.members.length).toBeLessThanOrEqual(LIMITS.incidentMembers);
    expect(incident.memberCount).toBeGreaterThanOrEqual(incident.members.length);
    // INC-4: it never falls.
    if (before !== null) expect(isHigher(before.severity, incident.severity)).toBe(false);
    // INC-8: what may wake somebody and was told is never forgotten.
    const owed = wakes(incident.severity) && incident.untold === null;
    if (owed && state !== "RESOLVED") expect(nextDueAt).not.toBeNull();
  }

  checkPages(
    before: Incident | null,
    incident: Incident,
    notifications: readonly Notification[],
    input: StepInput,
  ): void {
    const pages = notifications.filter(
      ({ kind, channel }) => kind === "page" && channel === "webpush",
    );
    // INC-8: one step of the ladder at a time, however long nobody looked.
    expect(new Set(pages.map(({ userId }) => userId)).size).toBeLessThanOrEqual(1);
    if (!this.world.alertsOn) expect(notifications).toEqual([]);
    if (!wakes(incident.severity) && input.type !== "command") expect(pages).toEqual([]);
    // INC-10: who has it is left in peace until then, unless it becomes worse.
    if (incident.acknowledgedBy !== null) expect(pages).toEqual([]);
    if (input.type === "clock" && this.now < this.heldUntil) expect(pages).toEqual([]);
    const isHeld = incident.acknowledgedBy !== null && incident.resolution === null;
    this.heldUntil = isHeld ? (incident.ackUntil ?? 0) : 0;
    // INC-13: nobody sleeps for ever.
    if (isHeld) expect(incident.nextDueAt).not.toBeNull();
    // INC-12: the snoozer is left alone.
    if (incident.snoozedBy !== null && (incident.snoozedUntil ?? 0) > this.now) {
      expect(pages.filter(({ userId }) => userId === incident.snoozedBy?.userId)).toEqual([]);
    }
    const ends = notifications.filter(({ kind }) => kind === "recovered" || kind === "retracted");
    if (ends.length > 0)
      expect([before?.state === "RESOLVED", incident.state]).toEqual([false, "RESOLVED"]);
  }

  /** INC-3: each alert taken in is told or has one reason. */
  checkReasons(before: Incident | null, result: StepResult, alert: Alert | undefined): void {
    const handled = result.alerts.filter(({ alertId }) => alertId === alert?.alertId);
    expect(handled).toEqual([
      expect.objectContaining({ alertId: alert?.alertId, handledVersion: alert?.version }),
    ]);
    const known = before?.members.find(({ alertId }) => alertId === alert?.alertId);
    const isNew =
      alert?.firing === true && (known?.firing !== true || known.openings !== alert.openings);
    if (isNew && handled[0]?.reason === null)
      expect(result.notifications.length).toBeGreaterThan(0);
    if (isNew && result.notifications.length === 0) expect(handled[0]?.reason).not.toBeNull();
    const member = result.incident?.members.find(({ alertId }) => alertId === alert?.alertId);
    if (member !== undefined) expect(member.reason ?? null).toBe(handled[0]?.reason ?? null);
    if (alert?.firing === true && result.incident !== null) {
      expect(member).toMatchObject(memberOf(alert));
    }
  }
}

it("[INC-1] [INC-2] [INC-3] [INC-8] [INC-10] whatever happens in whatever order, an incident stays what the rules say", () => {
  fc.assert(
    fc.property(anyWorld, fc.array(anyOperation, { maxLength: 40 }), (alerting, operations) => {
      const model = new Model(alerting);
      for (const one of operations) model.run(one);
    }),
    { numRuns: 600 },
  );
});

it("[INC-8] after any downtime the ladder goes on by one step and counts from it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 * 60 * SECOND }), { maxLength: 60 }),
      (pauses) => {
        const model = new Model(worldOf());
        model.fire({
          type: "fire",
          job: 0,
          attempt: 1,
          rule: "failed",
          tier: 2,
          recovering: false,
        });
        let pages = 1;
        for (const pause of pauses) {
          const dueAt = model.incident?.nextDueAt ?? 0;
          model.run({ type: "pass", ms: pause });
          if (dueAt <= model.now) pages += 1;
          expect(model.told.filter(({ kind }) => kind === "page").length).toBe(pages);
          expect(model.incident?.escalation.step).toBe(pages);
        }
      },
    ),
    { numRuns: 50 },
  );
});
