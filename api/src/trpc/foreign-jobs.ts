import {
  EVERYONE,
  type Board,
  type ForeignJobView,
  type IncidentMember,
  isActive,
  isoOf,
  type NeighbourJob,
  type RunRow,
  type Scope,
  SERVICE_TEAM_ID,
  type StoredRun,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

export interface ForeignJobParts {
  readonly board: Pick<Board, "row" | "currentRows">;
  readonly teams: () => Promise<readonly { readonly teamId: string; readonly name: string }[]>;
  /** Who is paged first for a team; null: nobody. */
  readonly onCallOf: (teamId: string) => string | null;
}

/**
 * Other teams' jobs in a chain, as four fields: name, team, state with the time at which it usually ends, and who is on call (domain.md,
 * People). Nothing else of them leaves this file.
 */
export class ForeignJobs {
  readonly #parts: ForeignJobParts;

  constructor(parts: ForeignJobParts) {
    this.#parts = parts;
  }

  /** Parents and children of a run. */
  async ofRuns(runs: readonly StoredRun[], scope: Scope): Promise<readonly ForeignJobView[]> {
    return this.#views(
      runs.map(({ ownerTeamId }) => ownerTeamId),
      scope,
      (index) => {
        const run = runs[index]!;
        const row = this.#runRow(run.executionId);
        return { name: run.jobName, state: row?.state ?? run.state, etaAt: etaOf(row) };
      },
    );
  }

  /** Members of an incident. */
  async ofMembers(
    members: readonly IncidentMember[],
    scope: Scope,
  ): Promise<readonly ForeignJobView[]> {
    return this.#views(
      members.map(({ card }) => card.teamId),
      scope,
      (index) => {
        const { card, rule } = members[index]!;
        const row = card.executionId === null ? null : this.#runRow(card.executionId);
        return { name: card.jobName, state: row?.state ?? STATE_OF[rule], etaAt: etaOf(row) };
      },
    );
  }

  /** Jobs that wait: each stands as its newest run does. */
  async ofJobs(jobs: readonly NeighbourJob[], scope: Scope): Promise<readonly ForeignJobView[]> {
    const newest = jobs.length === 0 ? new Map<string, RunRow>() : this.#newestRuns(jobs);
    return this.#views(
      jobs.map(({ teamId }) => teamId),
      scope,
      (index) => {
        const { jobId, name } = jobs[index]!;
        const row = newest.get(jobId) ?? null;
        return { name, state: row?.state ?? "unknown", etaAt: etaOf(row) };
      },
    );
  }

  async #views(
    teamIds: readonly string[],
    scope: Scope,
    fieldsOf: (index: number) => Pick<ForeignJobView, "name" | "state" | "etaAt">,
  ): Promise<readonly ForeignJobView[]> {
    if (teamIds.length === 0) return [];
    const { teams, onCallOf } = this.#parts;
    const names = new Map((await teams()).map(({ teamId, name }) => [teamId, name]));
    return teamIds.slice(0, API_LIMITS.foreignJobsShown).flatMap((teamId, index) => {
      if (teamId === SERVICE_TEAM_ID) return [];
      const onCall = scope.nameless === true ? null : onCallOf(teamId);
      return [{ ...fieldsOf(index), teamName: names.get(teamId) ?? teamId, onCall }];
    });
  }

  #runRow(executionId: string): RunRow | null {
    const row = this.#parts.board.row(`run:${executionId}`, EVERYONE);
    return row?.kind === "run" ? row : null;
  }

  #newestRuns(jobs: readonly NeighbourJob[]): ReadonlyMap<string, RunRow> {
    const wanted = new Set(jobs.map(({ jobId }) => jobId));
    const newest = new Map<string, RunRow>();
    for (const row of this.#parts.board.currentRows(EVERYONE)) {
      if (row.kind !== "run" || !wanted.has(row.jobId)) continue;
      const known = newest.get(row.jobId);
      if (known === undefined || row.lastFactAt > known.lastFactAt) newest.set(row.jobId, row);
    }
    return newest;
  }
}

const STATE_OF = {
  failed: "failed",
  missed: "late",
  stalled: "stalled",
  "source-silent": "unknown",
} as const satisfies Record<IncidentMember["rule"], RunRow["state"]>;

/** When a run under way ends if it takes as long as usual. */
function etaOf(row: RunRow | null): string | null {
  if (row === null || !isActive(row) || row.startedAt === null) return null;
  const { startedAt, usualDurationMs } = row;
  return usualDurationMs === null ? null : isoOf(Date.parse(startedAt) + usualDurationMs);
}
