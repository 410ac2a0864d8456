import type { MeView } from "batchwatch/router";
import { useSyncExternalStore } from "react";

const STORAGE_KEY = "batchwatch.team";
const listeners = new Set<() => void>();
let chosen: string | null = read();

export function chooseTeam(teamId: string | null): void {
  chosen = teamId;
  try {
    if (teamId === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, teamId);
  } catch {
    // Storage may be forbidden; the choice then lasts for this page.
  }
  for (const listener of listeners) listener();
}

/** The team looked at; undefined for all of them, also when the remembered one is no longer ours. */
export function useTeam(me: MeView | undefined): string | undefined {
  const teamId = useSyncExternalStore(subscribe, () => chosen);
  return ownTeam(me, teamId);
}

function ownTeam(me: MeView | undefined, teamId: string | null): string | undefined {
  const isOwn = me?.teams.some((team) => team.teamId === teamId) === true;
  return isOwn ? (teamId ?? undefined) : undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
