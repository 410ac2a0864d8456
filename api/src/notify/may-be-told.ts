import type { Incident, Notification, User } from "@batchwatch/engine";
import { canAnswerFor } from "../auth/policy.ts";

/** What of the world is looked at again in the moment of sending. */
export interface ToldWorld {
  userById(userId: string): User | null;
  subscription(subscriptionId: string): { readonly userId: string } | null;
  webhook(webhookId: string): { readonly teamId: string | null } | null;
}

type Told = Pick<Notification, "channel" | "targetId" | "userId" | "receiver">;

/**
 * Why it is not sent after all; null: it may be. It was promised to somebody who could answer then: teams, roles and devices may have
 * changed since. The words are kept with the notification.
 *
 * @param incident what it is about; null: nothing but the receiver's own device
 */
export function whyNotTold(
  { channel, targetId, userId, receiver }: Told,
  incident: Pick<Incident, "teamId" | "causeKind" | "members"> | null,
  world: ToldWorld,
): string | null {
  if (channel === "webhook") {
    const teamId = world.webhook(targetId)?.teamId ?? null;
    const isTold = incident === null || teamId === null || teamsOf(incident).includes(teamId);
    return isTold ? null : `The webhook ${receiver} is another team's now.`;
  }
  const user = userId === null ? null : world.userById(userId);
  if (user === null) return `${receiver} is no user any more.`;
  // A device that is not known here is looked for in the store by its channel.
  const owner = world.subscription(targetId)?.userId ?? user.userId;
  if (owner !== user.userId) return `This device of ${receiver} is somebody else's now.`;
  if (incident === null || answersFor(user, incident)) return null;
  return `${receiver} may not answer for this incident any more.`;
}

function answersFor(
  user: User,
  { teamId, causeKind, members }: Pick<Incident, "teamId" | "causeKind" | "members">,
): boolean {
  // A silent source is told to those who run Batchwatch (receivers.ts, policyFor).
  if (causeKind === "SOURCE_SILENT") {
    return user.role === "administrator" || user.role === "operations-manager";
  }
  return teamsOf({ teamId, members }).some((one) => canAnswerFor(user, one));
}

/** Its own, and those who have a job in it. */
function teamsOf({ teamId, members }: Pick<Incident, "teamId" | "members">): readonly string[] {
  return [teamId, ...members.map(({ card }) => card.teamId)];
}
