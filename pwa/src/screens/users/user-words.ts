import type { Role } from "batchwatch/router";

/** What each role is for, one line. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  "operations-manager": "Operations manager: sees and answers everything, approves changes",
  "team-lead": "Team lead: sees and answers their teams’ jobs, approves their changes",
  "on-call": "On call: sees and answers their teams’ jobs",
  auditor: "Auditor: sees everything and the record, changes nothing",
  administrator: "Administrator: sources, users and settings; sees no job’s own words",
  display: "Display: a wall that shows the board, without names",
};

export const ROLES: readonly Role[] = Object.keys(ROLE_WORDS) as Role[];

/** `Auditor` */
export function roleName(role: Role): string {
  return ROLE_WORDS[role].replace(/:.*/, "");
}

/** Names between commas, each once. */
export function teamNamesOf(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}
