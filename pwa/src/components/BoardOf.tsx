import type { ReactNode } from "react";
import { useLiveState } from "../live/use-live.ts";
import { teamName, useMe } from "./me.ts";
import { useTeam } from "./team-choice.ts";

/** Says so while the board that is shown is not that of the team that was chosen. */
export function BoardOf(): ReactNode {
  const me = useMe();
  const { board, team } = useLiveState();
  const chosen = useTeam(me) ?? null;
  if (board === null || team === chosen) return null;
  const name = (teamId: string | null): string =>
    teamId === null ? "all teams" : teamName(me, teamId);
  return (
    <p className="trust-banner" role="status">
      Still the board of {name(team)}. That of {name(chosen)} comes when the server answers.
    </p>
  );
}
