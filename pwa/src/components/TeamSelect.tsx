import type { ReactNode } from "react";
import { useMe } from "./me.ts";
import { chooseTeam, useTeam } from "./team-choice.ts";

/** Narrows the board to one team; absent when there is nothing to choose. */
export function TeamSelect(): ReactNode {
  const me = useMe();
  const team = useTeam(me);
  if (me.teams.length < 2) return null;
  return (
    <select
      className="team-select"
      aria-label="Team"
      value={team ?? ""}
      onChange={(event) => chooseTeam(event.target.value === "" ? null : event.target.value)}
    >
      <option value="">All teams</option>
      {me.teams.map((each) => (
        <option key={each.teamId} value={each.teamId}>
          {each.name}
        </option>
      ))}
    </select>
  );
}
