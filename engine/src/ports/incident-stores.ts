import type { Alert, AlertLevel, UntoldReason } from "../model/alert.ts";
import type {
  CommandAnswer,
  Incident,
  IncidentCommand,
  IncidentEvent,
  IncidentState,
} from "../model/incident.ts";
import type {
  DeliveryState,
  Notification,
  PushSubscriptionRow,
  Webhook,
} from "../model/notification.ts";
import type { Scope } from "../model/people.ts";
import type { ChangeAuthor } from "../model/settings-change.ts";
import type { Page } from "./stores.ts";

/** An alert that was taken in: the version handled, and why nobody was told of it (null: somebody was). */
export interface HandledAlert {
  readonly alertId: string;
  readonly handledVersion: number;
  readonly reason: UntoldReason | null;
}

/** Whose messages are cancelled. */
export interface Cancels {
  /** Null: everybody's. */
  readonly userId: string | null;
  /** Only what wakes a person; what waits for a webhook stays. */
  readonly sparesWebhooks?: true;
}

/** To whom messages of an incident were promised: one row stands for all that differ in nothing of this. */
export interface Promised extends Pick<
  Notification,
  "incidentId" | "channel" | "targetId" | "userId" | "receiver" | "kind" | "state"
> {
  /** When the last lease on one of them ends, epoch ms; null: none was leased. */
  readonly leaseUntil: number | null;
}

/** What one step changes, in one transaction with everything that it promises [I4]. */
export interface IncidentChange {
  /** With `version` one above `expectedVersion`. */
  readonly incident: Incident;
  /** 0: it is new. */
  readonly expectedVersion: number;
  /** Alerts that it took in: from now on they are this incident's. A newer version that was handled already stays. */
  readonly alerts: readonly HandledAlert[];
  /** Fresh rows, leased by their sender. */
  readonly notifications: readonly Notification[];
  /** Pages and reminders of this incident that are pending, beside those above, are cancelled; a lease on one stays. Null: none. */
  readonly cancels: Cancels | null;
  readonly events: readonly IncidentEvent[];
  readonly command: { readonly command: IncidentCommand; readonly answer: CommandAnswer } | null;
}

export interface IncidentListFilter {
  readonly states?: readonly IncidentState[] | undefined;
  readonly jobId?: string | undefined;
}

/** A job beside another one in the lineage. */
export interface NeighbourJob {
  readonly jobId: string;
  readonly name: string;
  readonly teamId: string;
}

/** Whom a job waits for: jobs whose stored outputs are among its inputs, at most LIMITS.upstreamJobs. */
export interface UpstreamJobs {
  readonly jobId: string;
  readonly upstream: readonly string[];
}

export interface AlertStore {
  /** Levels of things that are not jobs (a source); a job's come with its unit. Returns the alerts that changed. */
  report(levels: readonly AlertLevel[]): Promise<readonly Alert[]>;
  /** Alerts with a version that no incident has taken in, oldest change first. */
  unhandled(limit: number): Promise<readonly Alert[]>;
  /** Firing alerts with neither an incident nor a reason: must be empty [I5]. */
  unexplained(limit: number): Promise<readonly Alert[]>;
  get(alertId: string): Promise<Alert | null>;
  /** Of these ids those that there are, in no order. */
  ofIds(alertIds: readonly string[]): Promise<readonly Alert[]>;
  /** Takes these in without an incident; one whose version was handled already stays as it is. */
  settle(alerts: readonly HandledAlert[]): Promise<void>;
  /** Firing alerts that this incident took in, the one that began first first. */
  firingOf(incidentId: string, limit: number): Promise<readonly Alert[]>;
}

export interface IncidentStore {
  /** All that are not resolved. */
  open(limit: number): Promise<readonly Incident[]>;
  get(incidentId: string): Promise<Incident | null>;
  /**
   * Each change is all or nothing; one that meets another version, or an open incident with the same group key, is a `conflict`
   * and leaves nothing; so is one with a command that was answered already. All of them are one transaction.
   */
  commit(changes: readonly IncidentChange[]): Promise<readonly ("done" | "conflict")[]>;
  /** The answer a command was given; null when it is new. Fails with `command_reused` when the id was another command's. */
  answered(command: IncidentCommand): Promise<CommandAnswer | null>;
  list(
    scope: Scope,
    filter: IncidentListFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<Incident>>;
  /** Oldest first, the newest LIMITS.incidentEvents. */
  events(incidentId: string): Promise<readonly IncidentEvent[]>;
  /** Resolved incidents of the job before this one, newest first. */
  before(jobId: string, incidentId: string, limit: number): Promise<readonly Incident[]>;
  /** Its instance and parent, by execution id; null when it is not stored. */
  runOf(executionId: string): Promise<{
    readonly jobId: string;
    readonly instanceKey: string;
    readonly parentExecutionId: string | null;
  } | null>;
  /** Whom each of these jobs waits for. */
  upstream(jobIds: readonly string[]): Promise<readonly UpstreamJobs[]>;
  /** Jobs whose inputs are among the outputs of this job: who waits for it. */
  downstream(jobId: string): Promise<readonly NeighbourJob[]>;
}

export interface OutboxStore {
  /**
   * Takes pending notifications whose attempt is due and whose lease is free or has run out, oldest first, and leases them
   * to `owner` until `leaseUntil`. So it does with those whose times are further away than any lease of twice this length, or any attempt
   * (LIMITS.attemptWaitMs) can be: the clock was set back since.
   */
  lease(
    owner: string,
    now: number,
    leaseUntil: number,
    limit: number,
  ): Promise<readonly Notification[]>;
  /** Ends the leases of all other owners: `owner` begins as the only one there is, and those before it are dead. */
  takeOver(owner: string): Promise<void>;
  /** Promises one that belongs to no incident (a test, the canary). */
  add(notification: Notification): Promise<void>;
  /**
   * Only what this owner still leases is marked; the rest is another's. What was cancelled while it was under way and did go
   * out is `SENT`; what failed stays cancelled.
   */
  mark(
    owner: string,
    marks: readonly (
      | { readonly notificationId: string; readonly type: "sent"; readonly at: number }
      | {
          readonly notificationId: string;
          readonly type: "failed";
          readonly error: string;
          /** Null: given up, `DEAD`. */
          readonly nextAttemptAt: number | null;
        }
    )[],
  ): Promise<void>;
  /** When the earliest pending one is due or its lease ends; null when none is pending. */
  nextDueAt(): Promise<number | null>;
  /** The first of each kind counts. Returns whether the notification is that user's. */
  receipt(
    notificationId: string,
    userId: string,
    kind: "shown" | "seen",
    at: number,
  ): Promise<boolean>;
  get(notificationId: string): Promise<Notification | null>;
  /** Oldest first, the newest LIMITS.incidentDeliveries. */
  ofIncident(incidentId: string): Promise<readonly Notification[]>;
  /** To whom anything of these incidents was ever promised, however often. */
  promised(incidentIds: readonly string[]): Promise<readonly Promised[]>;
  list(
    filter: { readonly states?: readonly DeliveryState[] | undefined },
    limit: number,
    cursor: string | null,
  ): Promise<Page<Notification>>;
  /**
   * A dead one is promised anew: pending, due now, with all its attempts. False when it is not dead. Fails with `incident_over` where what
   * it says is not so any more: only what tells of an end is sent after it.
   */
  replay(notificationId: string, by: ChangeAuthor, now: number): Promise<boolean>;
  counts(): Promise<OutboxCounts>;
}

export interface OutboxCounts {
  readonly pending: number;
  /** When the oldest pending one was promised, epoch milliseconds; null where none is. */
  readonly oldestPendingAt: number | null;
  /** Given up. */
  readonly dead: number;
  /** Of these, in incidents that are open, for persons and webhooks whom nothing else of that incident has reached. */
  readonly unreached: number;
}

/** Who can be told, and how. Every change grows `identity.version`. */
export interface ReceiverStore {
  subscriptions(): Promise<readonly PushSubscriptionRow[]>;
  /**
   * By endpoint: the same browser again replaces its keys and owner. At most LIMITS.subscriptionsPerUser of a user (the newest). Consent is
   * given with it, and audited; so is that of the ones that go. `sessionId`: it ends with this session.
   */
  subscribe(
    subscription: Omit<
      PushSubscriptionRow,
      "subscriptionId" | "lastSentAt" | "lastShownAt" | "trouble" | "consentAt" | "zone"
    > & { readonly sessionId?: string | null; readonly zone?: string | null },
  ): Promise<PushSubscriptionRow>;
  /** Withdraws the consent. */
  unsubscribe(userId: string, endpoint: string, now: number): Promise<boolean>;
  /** The same by id; false when it is not that user's. */
  unsubscribeById(userId: string, subscriptionId: string, now: number): Promise<boolean>;
  /** The push service says that it is gone. */
  remove(subscriptionId: string, now: number): Promise<void>;
  /** Null: it works again. */
  trouble(subscriptionId: string, trouble: string | null): Promise<void>;
  sent(subscriptionId: string, at: number): Promise<void>;
  shown(subscriptionId: string, at: number): Promise<void>;
  webhooks(): Promise<readonly Webhook[]>;
  /** Fails with `name_taken`. */
  addWebhook(webhook: Webhook): Promise<void>;
  /** False when there is none of this name. */
  removeWebhook(name: string): Promise<boolean>;
  /** Who is paged for a team, in order; a team without a list has an empty one. */
  oncall(): Promise<readonly { readonly teamId: string; readonly userIds: readonly string[] }[]>;
  setOncall(
    teamId: string,
    userIds: readonly string[],
    by: ChangeAuthor,
    now: number,
  ): Promise<void>;
  /** A sealed secret of the service by name (the VAPID keys), made once: the first to write wins, everybody gets it. */
  secret(name: string, sealedIfNone: string): Promise<string>;
  /** A change of a source's paging mode. Fails with `not_found`. */
  setPaging(sourceId: string, mode: "WATCHING" | "PAGING"): Promise<void>;
}
