import type { Caller } from "../auth/caller.ts";
import type { Context } from "./services.ts";

/** What procedures are told of a caller; null: of nobody. */
export function contextOf(
  caller: Caller | null,
  rest: Pick<Context, "services" | "ready" | "begun" | "subscribed"> & {
    readonly isGood: (caller: Caller) => boolean;
  },
): Context {
  const { isGood, ...context } = rest;
  if (caller === null) return { ...context, user: null };
  return {
    ...context,
    user: caller.user,
    session: caller.by === "session" ? { sessionId: caller.id } : null,
    pagedOnly: caller.by === "device",
    stillGood: () => isGood(caller),
  };
}
