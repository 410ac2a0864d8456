import { createHash } from "node:crypto";
import { type Notification, tellsOfAnEnd } from "@batchwatch/engine";
import type { AckTokens } from "../auth/ack-token.ts";
import { API_LIMITS } from "../options.ts";

/** Where a notification leads: its incident, its change request, or the first page. The page reports its id as seen. */
export function linkOf(publicUrl: string, notification: Notification): string {
  const { incidentId, notificationId, card } = notification;
  const { requestId } = card;
  const other = requestId === undefined ? "/" : `/more/approvals/${encodeURIComponent(requestId)}`;
  const path = incidentId === null ? other : `/incidents/${encodeURIComponent(incidentId)}`;
  return `${publicUrl}${path}?n=${encodeURIComponent(notificationId)}`;
}

/** The one-tap page of a notification; null where nothing can be acknowledged. */
export function ackLinkOf(
  publicUrl: string,
  tokens: AckTokens,
  notification: Notification,
): string | null {
  const { incidentId, notificationId, kind, createdAt } = notification;
  if (incidentId === null || tellsOfAnEnd(kind)) return null;
  const expiresAt = createdAt + API_LIMITS.ackLinkMs;
  return `${publicUrl}/ack/${tokens.make({ notificationId, incidentId, expiresAt })}`;
}

/** Whether a link still speaks for whoever it was sent to: not for a webhook or a person that was removed since. */
export function mayFollowLink(
  { userId, targetId }: Pick<Notification, "userId" | "targetId">,
  receivers: { webhook(webhookId: string): unknown },
  people: { userById(userId: string): unknown },
): boolean {
  return (userId === null ? receivers.webhook(targetId) : people.userById(userId)) !== null;
}

/** What messages about one thing share, so that a newer one takes the older one's place on the device. */
export function tagOf({ incidentId, notificationId, card }: Notification): string {
  return placeOf(card.replaces ?? incidentId ?? notificationId);
}

/**
 * The same at the push service, for a device without signal: 32 characters of base64url (RFC 8030 §5.4). A silent update of what nobody
 * has yet waits beside the page: in its place it would make a page that was never heard one that never sounds.
 */
export function topicOf(notification: Notification): string {
  const { incidentId, notificationId, kind, card } = notification;
  if (kind !== "update" || card.acknowledgedBy !== null) return tagOf(notification);
  return placeOf(`update of ${incidentId ?? notificationId}`);
}

function placeOf(about: string): string {
  return createHash("sha256").update(`topic\u0000${about}`).digest("base64url").slice(0, 32);
}
