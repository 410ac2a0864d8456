export const ROLES = [
  "operations-manager",
  "team-lead",
  "on-call",
  "auditor",
  "administrator",
  "display",
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that see only the jobs of their own teams. */
export const TEAM_ROLES: ReadonlySet<Role> = new Set<Role>(["team-lead", "on-call"]);

export interface User {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly teamIds: readonly string[];
  /**
   * Who fetched the link that this person was to get in by, as long as nobody else has vouched for them. Who could have used it is no second
   * person beside them (EYES-2). Absent: nobody did.
   */
  readonly letInBy?: string;
}

/** What a reader may see: which teams' jobs, and whether the jobs' own words (messages, parameters) are shown. */
export interface Scope {
  readonly teamIds: "all" | readonly string[];
  readonly payload: boolean;
  /** No names of persons: a wall is read by whoever passes. */
  readonly nameless?: true;
}

/** Every team's jobs without their own words: what is looked up for somebody, before it is decided what of it they are shown. */
export const EVERYONE: Scope = { teamIds: "all", payload: false };

/** The widest scope a user's role allows. Administrators configure; by default they see no job payloads. */
export function scopeOf(user: User): Scope {
  return {
    teamIds: TEAM_ROLES.has(user.role) ? [...user.teamIds].sort() : "all",
    payload: user.role !== "administrator" && user.role !== "display",
    ...(user.role === "display" ? { nameless: true as const } : {}),
  };
}

/** The same scope, narrowed to one team; null when the team is outside it. */
export function narrowScope(scope: Scope, teamId: string | undefined): Scope | null {
  if (teamId === undefined) return scope;
  if (scope.teamIds !== "all" && !scope.teamIds.includes(teamId)) return null;
  return { ...scope, teamIds: [teamId] };
}

/** Team of Batchwatch's own jobs (the canary): no person sees them. */
export const SERVICE_TEAM_ID = "batchwatch-service";

export function inScope(scope: Scope, teamId: string): boolean {
  if (teamId === SERVICE_TEAM_ID) return false;
  return scope.teamIds === "all" || scope.teamIds.includes(teamId);
}

/** A team's id from the name people give it: lower case, digits and dashes, at most 40 characters; "" when nothing is left. */
export function teamIdOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
}
