import type { MeView } from "batchwatch/router";
import { type Context, createContext, useContext } from "react";

export const MeContext: Context<MeView | null> = createContext<MeView | null>(null);

/** Who is signed in. Only for components inside the signed-in app. */
export function useMe(): MeView {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe is called outside the signed-in app");
  return me;
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

/** The first letters of a name's first two words, as capitals. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}
