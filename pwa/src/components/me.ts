import type { MeView } from "batchwatch/router";
import { type Context, createContext, useContext } from "react";

export const MeContext: Context<MeView | null> = createContext<MeView | null>(null);

/** Who is signed in. Only for components inside the signed-in app. */
export function useMe(): MeView {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe is called outside the signed-in app");
  return me;
}

/** Signed out, on a paired device: it answers what was paged to its owner, and nothing else. */
export const PagedOnlyContext: Context<boolean> = createContext(false);

export function usePagedOnly(): boolean {
  return useContext(PagedOnlyContext);
}

/** What is shown depends on: whoever gets another role or team begins anew. */
export function scopeOf({ userId, role, teamIds }: MeView): string {
  return JSON.stringify([userId, role, [...teamIds].sort()]);
}

export function teamName(me: MeView, teamId: string): string {
  return me.teams.find((team) => team.teamId === teamId)?.name ?? teamId;
}

/** Roles that the server lets change a job's settings; others are not offered it. */
const MAY_CONFIGURE: ReadonlySet<MeView["role"]> = new Set<MeView["role"]>([
  "operations-manager",
  "team-lead",
  "administrator",
]);

export function mayConfigure(me: MeView): boolean {
  return MAY_CONFIGURE.has(me.role);
}

/** Who answers pages. */
const RESPONDERS: readonly MeView["role"][] = ["operations-manager", "team-lead", "on-call"];
const SEES_DETAILS: readonly MeView["role"][] = [...RESPONDERS, "auditor"];

export function mayRespond(me: MeView): boolean {
  return RESPONDERS.includes(me.role);
}

/** Details of an incident are what the job said: administrators and displays do not see them. */
export function maySeeIncidents(me: MeView): boolean {
  return SEES_DETAILS.includes(me.role);
}

export function mayRunSources(me: MeView): boolean {
  return me.role === "operations-manager" || me.role === "administrator";
}

export function maySeeDeliveries(me: MeView): boolean {
  return mayRunSources(me) || me.role === "auditor";
}

/** Who may say yes or no to a change that needs a second person. */
export function mayDecide(me: MeView): boolean {
  return mayConfigure(me);
}

export function mayReadApprovals(me: MeView): boolean {
  return mayDecide(me) || me.role === "auditor";
}

/** Who may apply a change at once, without a second person, for a short while. */
export function mayBreakGlass(me: MeView): boolean {
  return mayRunSources(me);
}

export function mayReadAudit(me: MeView): boolean {
  return mayReadApprovals(me);
}

/** Checking the whole trail, and taking evidence out of it. */
export function mayCheckAudit(me: MeView): boolean {
  return maySeeDeliveries(me);
}

export function maySeeUsers(me: MeView): boolean {
  return maySeeDeliveries(me);
}

export function mayChangeUsers(me: MeView): boolean {
  return me.role === "administrator";
}

/** The first letters of a name's first two words, as capitals. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}
