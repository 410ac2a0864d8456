import { createHash, randomUUID } from "node:crypto";
import {
  checkZone,
  type CommandAnswer,
  type CommandView,
  type DifferenceView,
  type Incident,
  type IncidentCommand,
  type IncidentMember,
  type IncidentRow,
  type IncidentView,
  inScope,
  isoOf,
  type Job,
  type NeighbourJob,
  type Notification,
  type NotificationKind,
  type PushDeviceView,
  type PushSubscriptionRow,
  type Scope,
  snoozeMostMs,
  type Source,
  type Stores,
  type User,
} from "@batchwatch/engine";
import { CANARY_TARGET } from "../notify/canary.ts";
import type { ReceiverDirectory } from "../notify/receiver-directory.ts";
import { type AuditProofs, NO_PROOFS } from "./audit-proofs.ts";
import type { AlertingServices } from "./make-services.ts";
import type { ForeignJobs } from "./foreign-jobs.ts";
import {
  deliveriesShown,
  eventsShown,
  foreignIncident,
  isForeign,
  isVisible,
  shownTo,
} from "./incident-scope.ts";
import { differencesOf } from "./run-differences.ts";
import {
  deliveryView,
  eventView,
  incidentListItem,
  memberView,
  pastIncidentView,
} from "./incident-views.ts";
import type { NewSubscription } from "./incident-services.ts";
import type { ServedStores } from "./served-stores.ts";
import { oncallServices } from "./oncall-services.ts";

/** The scope was checked on the incident: what belongs to it needs no other. */
const EVERYONE: Scope = { teamIds: "all", payload: true };
/** Notifications that want an answer of who gets them: an update does, in the place of the page that it replaces. */
const ASKS: ReadonlySet<NotificationKind> = new Set(["page", "update", "reminder"]);
/** Past runs among which the last good one is looked for. */
const RUNS_LOOKED_AT = 5;
const BEFORE_SHOWN = 3;

export interface AlertingParts {
  readonly stores: ServedStores;
  readonly readers: Stores;
  readonly receivers: ReceiverDirectory;
  readonly people: {
    users(): readonly User[];
    sourceById(sourceId: string): Source | null;
  };
  readonly teams: () => Promise<readonly { readonly teamId: string; readonly name: string }[]>;
  readonly foreign: ForeignJobs;
  /** Null: there is no such incident. */
  readonly command: (command: IncidentCommand) => Promise<CommandAnswer | null>;
  readonly rowOf: (incident: Incident) => IncidentRow;
  /** Null: nothing can be sent by push. */
  readonly publicKey: () => string | null;
  /** Throws with the code `endpoint_refused` what is no push service that may be called. */
  readonly checkEndpoint: (endpoint: string) => void;
  /** Sends what was just promised in the outbox. */
  readonly promised: (notification: Notification) => void;
  readonly lease: () => { readonly owner: string; readonly until: number };
  /** Who can be told changed: everything that remembers it looks again. */
  readonly changed: () => Promise<void>;
  /** What the audit trail holds behind the reason that nobody was paged; absent: nothing is shown. */
  readonly proofs?: (scope: Scope, incident: Incident) => Promise<AuditProofs>;
  readonly now: () => number;
}

/** What a caller of the API may do with incidents and with those who are told of them. */
export function makeAlertingServices(parts: AlertingParts): AlertingServices {
  const { stores, readers, receivers, people, now } = parts;

  async function visible(scope: Scope, incidentId: string): Promise<Incident | null> {
    const incident = await readers.incidents.get(incidentId);
    return incident !== null && isVisible(incident, scope) ? incident : null;
  }

  const answer: AlertingServices["incidents"]["answer"] = async (
    scope,
    user,
    commandId,
    incidentId,
    action,
    via,
  ) => {
    // Asked of the store itself: a reader may lag behind an incident that was just made.
    const incident = await stores.incidents.get(incidentId);
    if (incident === null || !isVisible(incident, scope)) return null;
    if (isForeign(incident, scope)) throw foreignIncident();
    const by = { userId: user.userId, name: user.name };
    const how = via === undefined ? {} : { via };
    return parts.command({ commandId, incidentId, by, action, ...how });
  };

  async function detail(incident: Incident, scope: Scope, user: User): Promise<IncidentView> {
    const lead = incident.members[0]?.card ?? null;
    const job = await ownJob(scope, lead?.jobId ?? null);
    const jobId = job?.jobId ?? null;
    const isOwn = ({ card }: IncidentMember) => inScope(scope, card.teamId);
    const [events, deliveries, waiting, earlier, lastGoodRun, foreignMembers] = await Promise.all([
      readers.incidents.events(incident.incidentId),
      readers.outbox.ofIncident(incident.incidentId),
      jobId === null ? [] : readers.incidents.downstream(jobId),
      jobId === null ? [] : readers.incidents.before(jobId, incident.incidentId, BEFORE_SHOWN),
      jobId === null ? null : lastGood(jobId, lead?.executionId ?? null),
      parts.foreign.ofMembers(
        incident.members.filter((one) => !isOwn(one)),
        scope,
      ),
    ]);
    const past = await Promise.all(
      earlier
        .filter((one) => !isForeign(one, scope))
        .map(async (one) => pastIncidentView(one, await readers.incidents.events(one.incidentId))),
    );
    const isOthers = isForeign(incident, scope);
    const source = lead === null || isOthers ? null : people.sourceById(lead.sourceId);
    const isOwnJob = (one: NeighbourJob) => inScope(scope, one.teamId);
    return {
      ...shownTo(scope, incident, incidentListItem(parts.rowOf(incident))),
      isForeign: isOthers,
      members: incident.members.filter(isOwn).map(memberView),
      foreignMembers,
      membersNotShown: Math.max(0, incident.memberCount - incident.members.length),
      events: eventsShown(scope, user, incident, events).map(eventView),
      deliveries: deliveriesShown(scope, user, incident, deliveries).map(deliveryView),
      waiting: waiting.filter(isOwnJob).map(({ jobId: id, name }) => ({ jobId: id, name })),
      foreignWaiting: await parts.foreign.ofJobs(
        waiting.filter((one) => !isOwnJob(one)),
        scope,
      ),
      runbookUrl: job?.runbookUrl ?? null,
      firstStep: job?.firstStep ?? null,
      recoveryRecipe: source?.recoveryRecipe ?? null,
      sourceName: source?.name ?? null,
      lastGoodRun,
      before: past,
      mergedInto: incident.mergedInto,
      resolvedBy: isOthers ? null : (incident.resolvedBy?.name ?? null),
      resolutionReason: isOthers ? null : incident.resolutionReason,
      snoozeUntilMost: new Date(now() + snoozeMostMs(incident.severity)).toISOString(),
    };
  }

  /** Null as well where it is another team's, or became another team's since. */
  async function ownJob(scope: Scope, jobId: string | null): Promise<Job | null> {
    const job = jobId === null ? null : await readers.jobs.get(jobId);
    return job !== null && inScope(scope, job.ownerTeamId) ? job : null;
  }

  async function lastGood(
    jobId: string,
    executionId: string | null,
  ): Promise<IncidentView["lastGoodRun"]> {
    const page = await readers.runs.list(
      EVERYONE,
      { jobId, states: ["succeeded"] },
      RUNS_LOOKED_AT,
      null,
    );
    const current = executionId === null ? null : await readers.runs.get(executionId);
    const before = page.items.find(
      (run) => run.executionId !== executionId && run.orderedAt < (current?.run.orderedAt ?? now()),
    );
    if (before === undefined) return null;
    const good = await readers.runs.get(before.executionId);
    const differences: readonly DifferenceView[] =
      current === null || good === null ? [] : differencesOf(current, good);
    return { executionId: before.executionId, endedAt: isoOf(before.endedAt), differences };
  }

  return {
    incidents: {
      list: async (scope, filter, limit, cursor) => {
        const page = await readers.incidents.list(scope, filter, limit, cursor);
        return {
          items: page.items.map((one) => shownTo(scope, one, incidentListItem(parts.rowOf(one)))),
          nextCursor: page.nextCursor,
        };
      },
      get: async (scope, user, incidentId) => {
        const incident = await visible(scope, incidentId);
        return incident === null ? null : detail(incident, scope, user);
      },
      command: async (scope, user, commandId, incidentId, action, via) => {
        const given = await answer(scope, user, commandId, incidentId, action, via);
        return given === null ? null : commandView(commandId, given);
      },
      answer,
      wasPagedFor: async ({ userId }, incidentId) => {
        const sent = await readers.outbox.promised([incidentId]);
        return sent.some((one) => one.userId === userId && ASKS.has(one.kind));
      },
      whyNotPaged: async (scope, user, incidentId) => {
        const incident = await visible(scope, incidentId);
        if (incident === null) return null;
        const [deliveries, promised] = await Promise.all([
          readers.outbox.ofIncident(incidentId),
          readers.outbox.promised([incidentId]),
        ]);
        const shown = deliveriesShown(scope, user, incident, deliveries);
        return {
          incidentId,
          paged: promised.some((one) => one.kind === "page" && one.state === "SENT"),
          reason: incident.untold,
          severity: incident.severity,
          deliveries: shown.map(deliveryView),
          ...((await parts.proofs?.(scope, incident)) ?? NO_PROOFS),
        };
      },
    },
    deliveries: {
      list: async (states, limit, cursor) => {
        const page = await readers.outbox.list({ states }, limit, cursor);
        const items = page.items.filter(({ targetId }) => targetId !== CANARY_TARGET);
        return { items: items.map(deliveryView), nextCursor: page.nextCursor };
      },
      replay: (user, notificationId) => stores.outbox.replay(notificationId, user, now()),
    },
    push: {
      publicKey: () => parts.publicKey(),
      devices: (user) => receivers.devicesOf(user.userId).map(deviceView),
      subscribe: (user, subscription, sessionId) => subscribe(parts, user, subscription, sessionId),
      unsubscribe: async (user, endpoint) => {
        const removed = await stores.receivers.unsubscribe(user.userId, endpoint, now());
        await parts.changed();
        return removed;
      },
      remove: async (user, subscriptionId) => {
        const removed = await stores.receivers.unsubscribeById(user.userId, subscriptionId, now());
        await parts.changed();
        return removed;
      },
      test: async (user, subscriptionId) => {
        const device = receivers.subscription(subscriptionId);
        if (device === null || device.userId !== user.userId) return null;
        const notification = testNotification(device, user, parts);
        await stores.outbox.add(notification);
        parts.promised(notification);
        return { notificationId: notification.notificationId };
      },
      receipt: (user, notificationId, kind) =>
        stores.outbox.receipt(notificationId, user.userId, kind, now()),
    },
    oncall: oncallServices(parts),
  };
}

async function subscribe(
  { stores, receivers, checkEndpoint, changed, now }: AlertingParts,
  user: User,
  subscription: NewSubscription,
  sessionId: string | null,
): Promise<PushDeviceView> {
  checkEndpoint(subscription.endpoint);
  const kept = await stores.receivers.subscribe({
    ...subscription,
    zone: knownZone(subscription.zone),
    sessionId,
    userId: user.userId,
    createdAt: now(),
  });
  await changed();
  return deviceView(receivers.subscription(kept.subscriptionId) ?? kept);
}

/** A browser may know zones that this Node does not: its messages are then in the server's. */
function knownZone(zone: string | undefined): string | null {
  if (zone === undefined) return null;
  try {
    checkZone(zone);
    return zone;
  } catch {
    return null;
  }
}

function commandView(commandId: string, answer: CommandAnswer): CommandView {
  return {
    commandId,
    ...answer,
    acknowledgedAt: isoOf(answer.acknowledgedAt),
    resolvedAt: isoOf(answer.resolvedAt),
  };
}

function deviceView(row: PushSubscriptionRow): PushDeviceView {
  return {
    subscriptionId: row.subscriptionId,
    label: row.label,
    isPrivate: row.isPrivate,
    createdAt: new Date(row.createdAt).toISOString(),
    lastSentAt: isoOf(row.lastSentAt),
    lastShownAt: isoOf(row.lastShownAt),
    trouble: row.trouble,
    endpointHash: createHash("sha256").update(row.endpoint).digest("hex"),
  };
}

function testNotification(
  device: PushSubscriptionRow,
  user: User,
  { lease, now }: Pick<AlertingParts, "lease" | "now">,
): Notification {
  const at = now();
  const { owner, until } = lease();
  return {
    notificationId: randomUUID().replaceAll("-", "").slice(0, 24),
    incidentId: null,
    kind: "test",
    channel: "webpush",
    targetId: device.subscriptionId,
    userId: user.userId,
    receiver: user.name,
    card: {
      incidentId: null,
      version: 1,
      kind: "test",
      severity: "LOW",
      title: "This device can be woken",
      body: "A test that you asked for. Nothing is wrong.",
      jobId: null,
      jobName: "Batchwatch",
      executionId: null,
      cause: "TEST",
      message: null,
      since: new Date(at).toISOString(),
      jobs: 0,
      firstStep: null,
      runbookUrl: null,
      acknowledgedBy: null,
      nextAt: null,
      nextPerson: null,
    },
    state: "PENDING",
    createdAt: at,
    attempts: 0,
    nextAttemptAt: at,
    leaseOwner: owner,
    leaseUntil: until,
    sentAt: null,
    shownAt: null,
    seenAt: null,
    lastError: null,
  };
}
