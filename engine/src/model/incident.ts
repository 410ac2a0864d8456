import type { AlertCard, AlertEnding, RecoveringAttempt, RuleName, UntoldReason } from "./alert.ts";

export const INCIDENT_STATES = ["OPEN", "ACKNOWLEDGED", "RECOVERING", "RESOLVED"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export const SEVERITIES = ["LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an incident is about. `SHARED_SOURCE`: three jobs or more of one source at once. */
export const CAUSE_KINDS = [
  "FAILED",
  "MISSED",
  "STALLED",
  "SOURCE_SILENT",
  "SHARED_SOURCE",
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** `retracted`: it never was so. `person`: somebody closed it with a reason. `merged`: it is part of another. */
export type Resolution = "cleared" | "retracted" | "retired" | "person" | "merged";

export interface Person {
  readonly userId: string;
  readonly name: string;
}

/** An alert inside an incident. */
export interface IncidentMember {
  readonly alertId: string;
  readonly rule: RuleName;
  readonly firing: boolean;
  readonly since: number;
  /** The alert's version that this is. */
  readonly version: number;
  readonly openings: number;
  readonly card: AlertCard;
  /** How it ended; absent while it fires. */
  readonly ending?: AlertEnding;
  /** Why nobody was told of it; absent: somebody was. */
  readonly reason?: UntoldReason;
}

/** Where the escalation stands: `step` of the policy is due at `nextAt`, counted from when the last one was sent. */
export interface Escalation {
  /** Steps taken of the policy. */
  readonly step: number;
  /** Epoch milliseconds; null: nothing more is due. */
  readonly nextAt: number | null;
  /** User ids of the list that the steps were counted in: the list may have changed since. Absent: nobody was paged yet. */
  readonly order?: readonly string[];
}

/** The alerts of one cause. Times are epoch milliseconds. */
export interface Incident {
  readonly incidentId: string;
  /** One open incident per group key. */
  readonly groupKey: string;
  /** Grows by one with every commit. */
  readonly version: number;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly causeKind: CauseKind;
  /** `source:<id>` where the cause is shared, else null. */
  readonly resourceKey: string | null;
  readonly teamId: string;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
  readonly resolution: Resolution | null;
  readonly resolvedBy: Person | null;
  readonly resolutionReason: string | null;
  readonly acknowledgedBy: Person | null;
  readonly acknowledgedAt: number | null;
  /** Until when the acknowledgement holds; then "Still yours?". */
  readonly ackUntil: number | null;
  /** The reminder was sent: 10 min later the page goes on. */
  readonly remindedAt: number | null;
  readonly snoozedUntil: number | null;
  /** Who is left alone until then; the others are paged all the same. */
  readonly snoozedBy: Person | null;
  /** Wake the one who has it only if the new attempt fails or stalls. */
  readonly backToBed: boolean;
  readonly recovering: RecoveringAttempt | null;
  readonly mergedInto: string | null;
  /** Incidents that it has taken in, the newest LIMITS.incidentMembers: what was promised of them is its own now. Absent: none. */
  readonly parts?: readonly string[];
  /** Why nobody was told of it; null once somebody was. */
  readonly untold: UntoldReason | null;
  readonly escalation: Escalation;
  /** When the clock has something to do with it; null: never. */
  readonly nextDueAt: number | null;
  /** The first is the one that it is named after. At most LIMITS.incidentMembers; more are only counted. */
  readonly members: readonly IncidentMember[];
  readonly memberCount: number;
}

const INCIDENT_EVENTS = [
  "opened",
  "alert-joined",
  "alert-ended",
  "severity-changed",
  "paged",
  "nobody-told",
  "mute-over",
  "acknowledged",
  "unacknowledged",
  "taken-over",
  "snoozed",
  "snooze-over",
  "escalated",
  "list-over",
  "reminded",
  "acknowledgement-over",
  "back-to-bed",
  "recovering",
  "attempt-failed",
  "commented",
  "merged",
  "reopened",
  "reassigned",
  "resolved",
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number];

/** One line of an incident's timeline; also its audit row. */
export interface IncidentEvent {
  readonly eventId: string;
  readonly incidentId: string;
  readonly at: number;
  readonly kind: IncidentEventKind;
  /** Null: Batchwatch itself. */
  readonly by: Person | null;
  /** Masked words or a name, for example a comment, a job, the person escalated to; null where the kind says it all. */
  readonly text: string | null;
}

/** What people do with an incident. `at` is when they did it on their own device, epoch milliseconds. */
export type IncidentAction =
  | { readonly type: "acknowledge" }
  | { readonly type: "unacknowledge" }
  | { readonly type: "take-over" }
  | { readonly type: "snooze"; readonly untilMs: number }
  | { readonly type: "escalate" }
  | { readonly type: "back-to-bed" }
  | { readonly type: "resolve"; readonly reason: string }
  | { readonly type: "comment"; readonly text: string };

export interface IncidentCommand {
  readonly commandId: string;
  readonly incidentId: string;
  readonly by: Person;
  readonly action: IncidentAction;
  /** How it came, for the audit trail: a one-tap link, or a paired device that is signed out; absent: a session or a token. */
  readonly via?: "link" | "device";
}

/**
 * How a command was answered. `done`: it did what it says. The others changed nothing: somebody else has it
 * already, it had ended by itself, or it does not fit what the incident is now.
 */
const COMMAND_OUTCOMES = [
  "done",
  "already-yours",
  "someone-has-it",
  "already-resolved",
  "not-acknowledged",
  "not-recovering",
  "not-snoozable",
  "nobody-left",
] as const;
export type CommandOutcome = (typeof COMMAND_OUTCOMES)[number];

export interface CommandAnswer {
  readonly outcome: CommandOutcome;
  readonly incidentId: string;
  readonly state: IncidentState;
  readonly version: number;
  /** Who has it now. */
  readonly acknowledgedBy: Person | null;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
  /** How it ended; only `cleared` and `retracted` leave nothing to do. */
  readonly resolution: Resolution | null;
  /** The incident that it is part of now, and that may be open. */
  readonly mergedInto: string | null;
}
