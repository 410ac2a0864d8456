import type { AuditFact } from "../model/audit.ts";
import { HOST_AUTHOR_ID } from "../model/settings-change.ts";

/** Who stands in the trail for the author of a change: the command line is the host, everybody else a person. */
export function actorOf({
  userId,
}: {
  readonly userId: string;
}): Pick<AuditFact, "actorKind" | "actorId"> {
  if (userId === HOST_AUTHOR_ID) return { actorKind: "host", actorId: "host" };
  // A webhook's one-tap link acts in the name of the webhook.
  if (userId.startsWith("webhook:")) return { actorKind: "service", actorId: "service" };
  return { actorKind: "user", actorId: userId };
}
