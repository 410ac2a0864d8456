import type { UntoldReason } from "./alert.ts";
import type { ChangeMode } from "./change-request.ts";
import type {
  CommandOutcome,
  IncidentEventKind,
  IncidentState,
  Resolution,
  Severity,
} from "./incident.ts";
import type { Channel, DeliveryState, NotificationKind } from "./notification.ts";
import type { IncidentRow } from "./rows.ts";
import type { AuditView } from "./trust-views.ts";
import type { ForeignJobView } from "./views.ts";

/** Answers of the API about incidents. Times are ISO 8601 UTC with milliseconds; durations end in `Ms`. */

export type IncidentListItem = Omit<IncidentRow, "kind" | "key">;

export interface IncidentMemberView {
  readonly alertId: string;
  readonly rule: string;
  readonly firing: boolean;
  readonly since: string;
  readonly jobId: string | null;
  readonly jobName: string;
  readonly teamId: string;
  readonly executionId: string | null;
  readonly attempt: number;
  readonly message: string | null;
}

export interface IncidentEventView {
  readonly eventId: string;
  readonly at: string;
  readonly kind: IncidentEventKind;
  /** Null: Batchwatch itself. */
  readonly by: string | null;
  readonly text: string | null;
}

/** One message to one receiver: who was told, and whether it reached them. */
export interface DeliveryView {
  readonly notificationId: string;
  readonly incidentId: string | null;
  readonly kind: NotificationKind;
  readonly channel: Channel;
  readonly receiver: string;
  readonly title: string;
  readonly state: DeliveryState;
  readonly createdAt: string;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly sentAt: string | null;
  readonly shownAt: string | null;
  readonly seenAt: string | null;
  readonly lastError: string | null;
}

/** What differs from the last good run of the job; only what differs is listed. */
export interface DifferenceView {
  readonly field:
    | "duration"
    | "rowsRead"
    | "rowsWritten"
    | "rowsSkipped"
    | "appVersion"
    | "host"
    | "startedAt"
    | "stage"
    | "inputRows"
    | "param";
  /** Name of the parameter or dataset, where the field needs one. */
  readonly name: string | null;
  readonly before: string | number | null;
  readonly now: string | number | null;
}

export interface PastIncidentView {
  readonly incidentId: string;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly durationMs: number | null;
  /** Who had it. */
  readonly by: string | null;
  /** The reason it was closed with, else its last comment. */
  readonly note: string | null;
}

export interface IncidentView extends IncidentListItem {
  readonly members: readonly IncidentMemberView[];
  /** Members that are other teams', the cause before what waits for it. */
  readonly foreignMembers: readonly ForeignJobView[];
  /** More than are listed. */
  readonly membersNotShown: number;
  readonly events: readonly IncidentEventView[];
  readonly deliveries: readonly DeliveryView[];
  /** Jobs that read what this one writes. */
  readonly waiting: readonly { readonly jobId: string; readonly name: string }[];
  /** Those of them that are other teams'. */
  readonly foreignWaiting: readonly ForeignJobView[];
  /** The reader's own jobs are only held up by it: whose it is does what is to be done. */
  readonly isForeign: boolean;
  readonly runbookUrl: string | null;
  readonly firstStep: string | null;
  readonly recoveryRecipe: string | null;
  readonly sourceName: string | null;
  readonly lastGoodRun: {
    readonly executionId: string;
    readonly endedAt: string | null;
    readonly differences: readonly DifferenceView[];
  } | null;
  /** Newest first, at most 3. */
  readonly before: readonly PastIncidentView[];
  readonly mergedInto: string | null;
  readonly resolvedBy: string | null;
  readonly resolutionReason: string | null;
  /** Until when a snooze may last, ISO. */
  readonly snoozeUntilMost: string;
}

/** `outcome` says in a stable code what a command did; the incident stands beside it as it is now. */
export interface CommandView {
  readonly commandId: string;
  readonly outcome: CommandOutcome;
  readonly incidentId: string;
  readonly state: IncidentState;
  readonly version: number;
  readonly acknowledgedBy: { readonly userId: string; readonly name: string } | null;
  readonly acknowledgedAt: string | null;
  readonly resolvedAt: string | null;
  /** How it ended; only `cleared` and `retracted` leave nothing to do. */
  readonly resolution: Resolution | null;
  /** The incident that it is part of now, and that may be open. */
  readonly mergedInto: string | null;
}

/** "Why was nobody paged?" of one incident or alert. */
export interface WhyNotPagedView {
  readonly incidentId: string | null;
  readonly paged: boolean;
  readonly reason: UntoldReason | null;
  readonly severity: Severity | null;
  readonly deliveries: readonly DeliveryView[];
  /** What the audit trail holds of the incident, and of the setting that is the reason; newest first. */
  readonly audit: readonly AuditView[];
  /** How the setting that the reason rests on came about; null: it rests on none, nobody ever set it, or the trail does not go back so far. */
  readonly mode: SettingMode | null;
  /** Who set it, took it back, or asked for it; null without a mode. */
  readonly setBy: string | null;
  /** ISO; null without a mode. */
  readonly setAt: string | null;
  /** The second person; null: there was none. */
  readonly approvedBy: string | null;
}

/** `host`: by the command line. `taken-back`: what was done without a second person is undone, and it stands as before. */
export type SettingMode = ChangeMode | "host" | "taken-back";

/** Who is paged for each team the caller sees, in order. */
export interface OncallView {
  readonly teamId: string;
  readonly teamName: string;
  /** `default`: nobody set a list, so the team's on-call people, then its leads, then operations. */
  readonly origin: "SET" | "DEFAULT";
  readonly people: readonly {
    readonly userId: string;
    readonly name: string;
    /** Devices that can be woken. */
    readonly devices: number;
  }[];
  /** Who could answer for this team and is not on its list; left out where it is not known. */
  readonly candidates?: readonly {
    readonly userId: string;
    readonly name: string;
    readonly devices: number;
  }[];
}

export interface PushDeviceView {
  readonly subscriptionId: string;
  readonly label: string;
  readonly isPrivate: boolean;
  readonly createdAt: string;
  readonly lastSentAt: string | null;
  readonly lastShownAt: string | null;
  readonly trouble: string | null;
  /** SHA-256 of its endpoint, hex: how a browser knows its own. */
  readonly endpointHash: string;
}
