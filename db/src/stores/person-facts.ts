import type { AuditFact } from "@batchwatch/engine";

/** The fact of an act; `by` is a user's id, "host" or "service". */
export function factBy(
  by: string,
  fact: Omit<AuditFact, "actorKind" | "actorId" | "teamId">,
): AuditFact {
  const actorKind = by === "host" || by === "service" ? by : "user";
  return { ...fact, actorKind, actorId: by, teamId: null };
}
