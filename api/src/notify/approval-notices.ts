import {
  type ChangeRequest,
  ClockWords,
  contentIdOf,
  cutText,
  LIMITS,
  type Notification,
  type NotificationCard,
  type User,
} from "@batchwatch/engine";

/** Who is told of a change that needs a second person: those who could be one, and the webhooks of the platform. */
export interface NoticeReceivers {
  readonly approvers: readonly User[];
  readonly devicesOf: (userId: string) => readonly { readonly subscriptionId: string }[];
  /** IANA zone of a device's owner; null: not known. */
  readonly zoneOf: (subscriptionId: string) => string | null;
  readonly webhooks: readonly { readonly webhookId: string; readonly name: string }[];
}

const TITLE_LENGTH = 60;
const BODY_LENGTH = 120;

/**
 * The messages about a request. It has to wait: a plain one. It was done at once under break-glass: one that wakes.
 * Their ids are made of what they are about, so that telling again is the same message.
 * @param asker the name of who asked
 */
export function approvalNotices(
  request: ChangeRequest,
  asker: string,
  { approvers, devicesOf, zoneOf, webhooks }: NoticeReceivers,
): readonly Notification[] {
  const kind = request.mode === "break-glass" ? "break-glass" : "approval";
  const message = (
    channel: Notification["channel"],
    targetId: string,
    user: User | null,
    receiver: string,
  ): Notification => ({
    notificationId: contentIdOf("approval", request.requestId, kind, channel, targetId),
    incidentId: null,
    kind,
    channel,
    targetId,
    userId: user?.userId ?? null,
    receiver,
    // A webhook has readers in many zones.
    card: cardOf(request, asker, (channel === "webpush" ? zoneOf(targetId) : null) ?? "UTC"),
    state: "PENDING",
    createdAt: request.requestedAt,
    attempts: 0,
    nextAttemptAt: request.requestedAt,
    // Whoever looks into the outbox next sends it: within LIMITS.sweepMs.
    leaseOwner: null,
    leaseUntil: null,
    sentAt: null,
    shownAt: null,
    seenAt: null,
    lastError: null,
  });
  return [
    ...approvers.flatMap((user) =>
      devicesOf(user.userId).map(({ subscriptionId }) =>
        message("webpush", subscriptionId, user, user.name),
      ),
    ),
    ...webhooks.map(({ webhookId, name }) => message("webhook", webhookId, null, name)),
  ].slice(0, LIMITS.sendsPerSweep);
}

function cardOf(request: ChangeRequest, asker: string, zone: string): NotificationCard {
  const isGlass = request.mode === "break-glass";
  const ends = isGlass ? (request.revertsAt ?? request.expiresAt) : request.expiresAt;
  const until = new ClockWords(request.requestedAt, zone).at(ends);
  const end = isGlass ? `Taken back ${until} unless somebody else approves.` : `Expires ${until}.`;
  const fields = request.differences.map(({ field }) => field).join(", ");
  const room = BODY_LENGTH - end.length - 1;
  return {
    incidentId: null,
    version: 1,
    kind: isGlass ? "break-glass" : "approval",
    severity: isGlass ? "CRITICAL" : "LOW",
    title: cutText(
      `${isGlass ? "BREAK-GLASS" : "APPROVAL NEEDED"} ${request.subjectName}`,
      TITLE_LENGTH,
    ),
    body: `${cutText(`${asker}: ${request.kind} (${fields}).`, room)} ${end}`,
    jobId: request.subjectKind === "job" ? request.subjectId : null,
    jobName: cutText(request.subjectName, TITLE_LENGTH),
    executionId: null,
    cause: isGlass ? "BREAK_GLASS" : "APPROVAL",
    message: null,
    since: new Date(request.requestedAt).toISOString(),
    jobs: 0,
    firstStep: null,
    runbookUrl: null,
    acknowledgedBy: null,
    nextAt: null,
    nextPerson: null,
    requestId: request.requestId,
  };
}
